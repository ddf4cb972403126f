import { suggestName } from '../checks/nearest-name.js';
import { own, portable } from '../module-ref.js';
import { preview } from '../values/preview.js';
import { partitionName, type PartitionValue } from './partition-name.js';

/** Where a record of a partitioned output goes, and what is written of it. */
export interface Placed {
  /** Relative to the output: `country=de`, or `year=2024/month=5`. */
  readonly directory: string;
  readonly record: unknown;
}

/** Tells where a record goes. */
export type Partitioner = (record: unknown) => Placed;

/** What a function of the user's gives: the values of its own columns. */
type ColumnsOf = (record: unknown) => Readonly<Record<string, PartitionValue>>;

/** As many names of a column are kept; values that are all different would fill the memory. */
const MOST_NAMES = 10_000;

/** Makes what a child partitions records with: the names of fields, which are left out of the record then, or a function. */
export function partitionedBy(by: readonly string[] | ColumnsOf): Partitioner {
  const place = typeof by === 'function' ? byFunction(by) : byFields(by);
  return portable(place, { module: own.functions, name: 'partitionedBy', arguments: [by] });
}

function byFields(names: readonly string[]): Partitioner {
  const columns = names.map(namer);
  return (record) => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw new TypeError(
        `fields are those of objects, and this is ${preview(record, 80)}: give a function, as in partitionBy: (record) => ({ name: record[0] })`,
      );
    }
    const row = record as Readonly<Record<string, unknown>>;
    let directory = '';
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i]!;
      if (!Object.hasOwn(row, name)) throw missing(row, name);
      const part = columns[i]!(row[name]);
      directory = i === 0 ? part : `${directory}/${part}`;
    }
    return { directory, record: without(row, names) };
  };
}

function byFunction(fn: ColumnsOf): Partitioner {
  const columns = new Map<string, (value: unknown) => string>();
  let names: readonly string[] | undefined;
  return (record) => {
    const given: unknown = fn(record);
    const own =
      typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.keys(given) : [];
    if (own.length === 0) {
      throw new TypeError(
        `the function gave ${preview(given, 80)}: return an object of the names and values of directories, such as { year: 2024 }`,
      );
    }
    names ??= own;
    if (own.length !== names.length || own.some((name, i) => name !== names![i])) {
      throw new TypeError(
        `the function gave ${own.join(', ')}, and ${names.join(', ')} before: return the same names for all records`,
      );
    }
    let directory = '';
    for (const [name, value] of Object.entries(given as object)) {
      let nameOf = columns.get(name);
      if (nameOf === undefined) columns.set(name, (nameOf = namer(name)));
      const part = nameOf(value);
      directory = directory === '' ? part : `${directory}/${part}`;
    }
    return { directory, record };
  };
}

/** What an explanation says of it. */
export function partitionInWords(by: readonly string[] | ColumnsOf): string {
  if (typeof by !== 'function') return by.join(', ');
  return by.name === '' || by.name === 'partitionBy' ? 'a function' : by.name;
}

/** Names the directories of a column; those of values that come again are kept. */
function namer(column: string): (value: unknown) => string {
  const known = new Map<unknown, string>();
  return (value) => {
    const name = known.get(value);
    if (name !== undefined) return name;
    const made = partitionName(column, value);
    if (Object(value) !== value && known.size < MOST_NAMES) known.set(value, made);
    return made;
  };
}

function missing(row: object, name: string): TypeError {
  const suggestion = suggestName(name, Object.keys(row));
  return new TypeError(
    `a record has no field ${JSON.stringify(name)}: ${suggestion}${suggestion.endsWith('?') ? '' : '.'} Where a field may be missing, ` +
      `give a function, as in partitionBy: (record) => ({ ${name}: record.${name} })`,
  );
}

/** A copy without some fields; what a class gives it, such as `toJSON`, stays. */
function without(row: Readonly<Record<string, unknown>>, names: readonly string[]): object {
  const prototype: unknown = Object.getPrototypeOf(row);
  const rest: Record<string, unknown> =
    prototype === Object.prototype || prototype === null ? {} : (Object.create(prototype as object) as never);
  for (const key of Object.keys(row)) {
    if (names.includes(key)) continue;
    // To assign this one would change the prototype.
    if (key !== '__proto__') rest[key] = row[key];
    else Object.defineProperty(rest, key, { value: row[key], enumerable: true, writable: true });
  }
  return rest;
}
