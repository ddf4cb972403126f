import { suggestName } from '../checks/nearest-name.js';
import { moduleRefOf, own } from '../module-ref.js';
import type { Aggregator } from './aggregator.js';
import { readyMade } from './ready-made.js';

/** What is known of the fields that an aggregator names. */
export interface Seen {
  /** Those that no record has had so far. */
  readonly unseen: readonly string[];
  /** The fields of the first record that is something; none, where that is no object. */
  readonly known: readonly string[] | undefined;
}

/** An accumulator, with what is known of the fields. */
interface Watched extends Seen {
  readonly value: unknown;
}

/** An aggregator that looks for fields. */
export interface FieldsThere extends Aggregator<unknown, Watched, unknown> {
  /** What it looks at the records of. */
  readonly given: Aggregator<unknown, unknown, unknown>;
  readonly fields: readonly string[];
}

/** As an aggregator, but an error where it names a field that no record has: the name of another one is meant. */
export function withFieldsThere(
  given: Aggregator<never, unknown, unknown>,
): Aggregator<never, unknown, unknown> {
  const fields = [...new Set(fieldsOf(given))];
  return fields.length === 0 ? given : fieldsThere(given, fields);
}

/** The fields that ready-made aggregators are called with. */
function fieldsOf(aggregator: object): readonly string[] {
  const ref = moduleRefOf(aggregator);
  if (ref?.module !== own.aggregators || ref.arguments === undefined) return [];
  const [of, ...parts] = ref.arguments;
  if (ref.name === 'named') return parts.flatMap((part) => fieldsOf(part as object));
  return typeof of === 'string' ? [of] : [];
}

/** What a child makes of the aggregator and its fields. */
export function fieldsThere(
  given: Aggregator<never, unknown, unknown>,
  fields: readonly string[],
): Aggregator<never, unknown, unknown> {
  const inner = given as Aggregator<unknown, unknown, unknown>;
  const made: FieldsThere = {
    given: inner,
    fields,
    zero: () => ({ value: inner.zero(), unseen: fields, known: undefined }),
    add: ({ value, ...seen }, record) => ({ ...seenIn(seen, record), value: inner.add(value, record) }),
    merge: (left, right) => ({
      value: inner.merge(left.value, right.value),
      unseen: left.unseen.filter((field) => right.unseen.includes(field)),
      known: left.known ?? right.known,
    }),
    finish({ value, unseen: [field], known }) {
      if (field !== undefined && known !== undefined) throw noField(field, known);
      return inner.finish ? inner.finish(value) : value;
    },
  };
  return readyMade('fieldsThere', made as Aggregator<never, unknown, unknown>, [given, fields]);
}

/** Whether an aggregator looks for fields: whoever folds may then do so itself, until all are seen, which costs less. */
export function looksForFields(aggregator: object): aggregator is FieldsThere {
  return moduleRefOf(aggregator)?.name === 'fieldsThere' && 'fields' in aggregator;
}

/** What is known of the fields after a record. */
export function seenIn(seen: Seen, record: unknown): Seen {
  if (record === undefined || record === null) return seen;
  // A text has a length, as an array has.
  const given = Object(record) as object;
  return {
    unseen: seen.unseen.filter((field) => !(field in given)),
    known: seen.known ?? (given === record ? Object.keys(given).slice(0, 100) : []),
  };
}

function noField(field: string, known: readonly string[]): TypeError {
  const suggestion = suggestName(field, known);
  return new TypeError(
    `no record has a field ${JSON.stringify(field)}: ${suggestion}${suggestion.endsWith('?') ? '' : '.'} Where none may have it, ` +
      `give a function, as in mean((record) => record.${field})`,
  );
}
