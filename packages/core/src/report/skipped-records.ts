import { SourceError, TaskError } from '../errors.js';
import type { Skipped, SkippedRecord } from '../protocol/reply.js';

/** Records that a run describes; it counts all that it left out. */
const DETAILS = 1000;

/** What a run has left out, under `onError: 'skip'`. */
export interface SkippedRecords extends Skipped {
  readonly count: number;
  /** The first thousand, in input order. */
  readonly records: readonly SkippedRecord[];
  /** @throws TaskError, or SourceError for what gives no record, once the run has left out more than it may. */
  add(skipped: Skipped): void;
}

/**
 * @param max How many records may be left out.
 * @param sources The names of the run's sources: what fails under one of these is the input's fault.
 */
export function skippedRecords(max: number, sources: ReadonlySet<string>): SkippedRecords {
  const records: SkippedRecord[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    records,
    add(skipped) {
      count += skipped.count;
      records.push(...skipped.records.slice(0, DETAILS - records.length));
      if (count <= max) return;
      const last = skipped.records.at(-1)!;
      const { verb, chunk, preview, error } = last;
      const text = `${count} records failed, more than maxSkipped: ${max} allows; the last one met ${error} (chunk ${chunk}: ${preview})`;
      throw sources.has(verb) ? new SourceError(text, last) : new TaskError(text, last);
    },
  };
}
