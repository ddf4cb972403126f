import { SerializationError } from '../../errors.js';
import { encode, encodePairs } from '../../values/codec.js';
import type { WireBranch, WireStage } from '../../plan/compiled-plan.js';
import { traitsOf } from '../../plan/verbs.js';
import type { TaskChunk } from '../../protocol/task-message.js';
import { preview } from '../../values/preview.js';

/** Where the records that a task gives stand in the result, for messages. */
export interface ResultIndex {
  /** Index of the first of them in the result; undefined where nobody can tell in the middle of a run. */
  readonly first: number | undefined;
  /** The numbers of the task's chunks. */
  readonly chunks: readonly number[];
  /** Whether all are pairs that a keyed verb has made, and no function has seen since. */
  readonly arePairs: boolean;
}

/**
 * How many records come before a task's own is known if every record of a single source gives one.
 *
 * @param maySkip Whether records may be left out.
 */
export function resultIndex(
  given: readonly TaskChunk[],
  { branches }: WireStage,
  maySkip: boolean,
): ResultIndex {
  const chunks = given.map(({ number }) => number);
  const [branch, other] = branches;
  const source = given[0]?.source;
  const isIndexed =
    other === undefined && !maySkip && branch!.ops.every(({ verb }) => traitsOf(verb).gives === 'one');
  const arePairs = given.every((chunk) => givesPairs(branches[chunk.branch]!));
  return { first: isIndexed && source && 'first' in source ? source.first : undefined, chunks, arePairs };
}

function givesPairs({ ops, from }: WireBranch): boolean {
  return (
    ops.length === 0 && 'shuffle' in from && ['reduce', 'aggregate', 'count'].includes(from.shuffle.kind)
  );
}

/**
 * A block of collected records. `before` others of the task come before them; `ends` tells after how many each of its
 * chunks, but the last ones, ended.
 *
 * @throws SerializationError that names the record by its place in the result, or else in what its chunk gives.
 */
export function encodeRecords(
  records: readonly unknown[],
  { first, chunks, arePairs }: ResultIndex,
  before: number,
  ends: readonly number[],
): Uint8Array {
  const columns = arePairs ? encodePairs(records as [unknown, unknown][]) : undefined;
  if (columns !== undefined) return columns;
  if (first !== undefined) return encode(records, 'result', first + before);
  try {
    return encode(records, 'result');
  } catch (error) {
    // Records are encoded one by one only now, to find the culprit.
    records.forEach((record, i) => {
      const chunk = ends.filter((end) => end <= before + i).length;
      refuseRecord(record, before + i - (ends[chunk - 1] ?? 0), chunks[chunk]!);
    });
    throw error;
  }
}

function refuseRecord(record: unknown, index: number, chunk: number): void {
  try {
    encode(record, 'record');
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    const place = `at index ${index} of what chunk ${chunk} gives: ${preview(record)}`;
    const cause = error.cause === undefined ? {} : { cause: error.cause };
    throw new SerializationError(`${error.message} (${place})`, error.path, cause);
  }
}
