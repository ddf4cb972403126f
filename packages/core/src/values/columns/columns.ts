import { types } from 'node:util';
import { hasNoNames, hasOnlyItems } from '../only-items.js';
import { isBare } from '../scan.js';
import { codeOf, OTHER, type Column, type DateColumn, type RecordColumn } from './column.js';
import { toNumberColumn } from './number-column.js';
import { toParts, type Parts, type PlainRecord } from './record-column.js';
import { byShape } from './shapes.js';
import { toTextColumn } from './text-column.js';

const MAX_DEPTH = 16;
/** Longer arrays of one length are taken for lists. */
const MAX_TUPLE = 8;
/** Symbols are looked for on all of the first arrays, then on one in sixteen: they come from code that makes every record so. */
const ARRAYS_IN_FULL = 1024;

/**
 * Makes columns of the lists of one value. `undefined` is the answer where values are not alike, not plain, or where an
 * object is met twice in all of them: a column would make two of it.
 */
export class Columns {
  readonly #met = new Set<object>();
  /** Records that are not in `#met`, since they cannot be the same, by their names. */
  readonly #rising = new Map<string, readonly PlainRecord[]>();
  #objects = 0;
  #arrays = 0;

  of(values: readonly unknown[], depth = 0): Column | undefined {
    const first = values[0];
    switch (typeof first) {
      case 'number':
        return toNumberColumn(values) ?? this.#mixed(values, depth);
      case 'string':
        return toTextColumn(values) ?? this.#mixed(values, depth);
      case 'object':
        if (!areObjects(values)) return this.#mixed(values, depth);
        return depth < MAX_DEPTH ? this.#objectColumn(values, depth + 1) : undefined;
      default:
        return this.#mixed(values, depth);
    }
  }

  /** Whether it is an array of no class of its own, with nothing but items, and not met before. */
  isList(value: object): value is readonly unknown[] {
    if (!this.#isNew(value) || Object.getPrototypeOf(value) !== Array.prototype) return false;
    if (!Array.isArray(value)) return false;
    this.#arrays += 1;
    const inFull = this.#arrays <= ARRAYS_IN_FULL || this.#arrays % 16 === 0;
    return inFull ? hasOnlyItems(value) : hasNoNames(value);
  }

  /** A column of arrays that have nothing but so many items. */
  tuples(arrays: readonly (readonly unknown[])[], width: number, depth: number): Column | undefined {
    const parts = Array.from({ length: width }, (_, place) => arrays.map((array) => array[place]));
    const columns = this.#all(parts, depth);
    return columns && { kind: 'tuples', count: arrays.length, columns };
  }

  /** Whether it is no proxy and not met before. */
  #isNew(value: object): boolean {
    if (types.isProxy(value)) return false;
    this.#objects += 1;
    return this.#met.add(value).size === this.#objects;
  }

  #mixed(values: readonly unknown[], depth: number): Column | undefined {
    const codes = new Uint8Array(values.length);
    const others: unknown[] = [];
    for (let i = 0; i < values.length; i += 1) {
      const code = codeOf(values[i]);
      codes[i] = code;
      if (code === OTHER) others.push(values[i]);
    }
    if (others.length === 0) return { kind: 'constants', codes };
    if (others.length === values.length) {
      return values.every(isPrimitive) ? { kind: 'primitives', values } : undefined;
    }
    const column = this.of(others, depth);
    return column && { kind: 'mixed', codes, others: column };
  }

  #objectColumn(objects: readonly object[], depth: number): Column | undefined {
    const first = objects[0]!;
    if (types.isProxy(first)) return undefined;
    switch (Object.getPrototypeOf(first)) {
      case Object.prototype:
        return this.#records(objects as readonly PlainRecord[], depth);
      case Array.prototype:
        return this.#arrayColumn(objects, depth);
      case Date.prototype:
        return this.#dates(objects as readonly Date[]);
      default:
        return undefined;
    }
  }

  #records(records: readonly PlainRecord[], depth: number): Column | undefined {
    const parts = toParts(records);
    return parts ? this.#recordColumn(records, parts, depth) : this.#shapes(records, depth);
  }

  #shapes(records: readonly PlainRecord[], depth: number): Column | undefined {
    const shapes = byShape(records);
    if (shapes === undefined) return undefined;
    const columns: Column[] = [];
    for (const alike of shapes.records) {
      const parts = toParts(alike);
      const column = parts && this.#recordColumn(alike, parts, depth);
      if (column === undefined) return undefined;
      columns.push(column);
    }
    return { kind: 'shapes', codes: shapes.codes, columns };
  }

  #recordColumn(records: readonly PlainRecord[], parts: Parts, depth: number): RecordColumn | undefined {
    if (!this.#areNew(records, parts)) return undefined;
    const { names, values } = parts;
    const columns = this.#all(values, depth);
    return columns && { kind: 'records', count: records.length, names, columns };
  }

  /**
   * Whether none of some records was met before. If a number rises from each to the next, as an index or a time does, they
   * are not the same; others of that shape could be one of them. So the set is spared where it has only one such list.
   */
  #areNew(records: readonly PlainRecord[], { names, values }: Parts): boolean {
    const shape = names.join();
    const others = this.#rising.get(shape);
    const isFirst = others === undefined;
    this.#rising.set(shape, isFirst && values.some(isRising) ? records : []);
    if (this.#rising.get(shape)!.length > 0) return true;
    return (
      (isFirst || others.every((record) => this.#isNew(record))) &&
      records.every((record) => this.#isNew(record))
    );
  }

  #arrayColumn(objects: readonly object[], depth: number): Column | undefined {
    const arrays: (readonly unknown[])[] = [];
    const lengths = new Uint32Array(objects.length);
    let isTuple = true;
    for (let i = 0; i < objects.length; i += 1) {
      const array = objects[i]!;
      if (!this.isList(array)) return undefined;
      arrays.push(array);
      lengths[i] = array.length;
      isTuple &&= array.length === lengths[0];
    }
    const width = lengths[0]!;
    if (isTuple && width > 0 && width <= MAX_TUPLE) return this.tuples(arrays, width, depth);
    const items = this.of(flat(arrays, lengths), depth);
    return items && { kind: 'lists', lengths, items };
  }

  #dates(dates: readonly Date[]): DateColumn | undefined {
    const times = new Float64Array(dates.length);
    for (let i = 0; i < dates.length; i += 1) {
      const date = dates[i]!;
      if (!this.#isNew(date) || Object.getPrototypeOf(date) !== Date.prototype || !isBare(date))
        return undefined;
      times[i] = Date.prototype.getTime.call(date); // throws for what is no date
    }
    return { kind: 'dates', times };
  }

  #all(parts: readonly (readonly unknown[])[], depth: number): Column[] | undefined {
    const columns: Column[] = [];
    for (const part of parts) {
      const column = this.of(part, depth);
      if (column === undefined) return undefined;
      columns.push(column);
    }
    return columns;
  }
}

function flat(arrays: readonly (readonly unknown[])[], lengths: Uint32Array): unknown[] {
  const items: unknown[] = [];
  for (let i = 0; i < arrays.length; i += 1) {
    const array = arrays[i]!;
    for (let j = 0; j < lengths[i]!; j += 1) items.push(array[j]);
  }
  return items;
}

function isRising(values: readonly unknown[]): boolean {
  let last = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number' || !(value > last)) return false;
    last = value;
  }
  return true;
}

function areObjects(values: readonly unknown[]): values is readonly object[] {
  return values.every((value) => typeof value === 'object' && value !== null);
}

function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case 'object':
      return value === null;
    case 'function':
    case 'symbol':
      return false;
    default:
      return true;
  }
}
