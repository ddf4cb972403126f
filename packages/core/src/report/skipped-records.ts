import { SourceError, TaskError } from '../errors.js';
import { maxSkipped, type Settings } from '../options/run-options.js';
import type { SkippedRecord } from '../protocol/messages.js';

/** Records that a run describes; it counts all that it left out. */
const DETAILS = 1000;

/** What a run has left out, under `onError: 'skip'`. */
export interface SkippedRecords {
  readonly count: number;
  /** The first thousand, in input order. */
  readonly records: readonly SkippedRecord[];
  /** @throws TaskError, or SourceError for lines that are no rows, once the run has left out more than it may. */
  add(skipped: { readonly count: number; readonly records: readonly SkippedRecord[] }): void;
}

export function skippedRecords(settings: Settings): SkippedRecords {
  const max = maxSkipped(settings);
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
      throw verb === 'jsonLines' ? new SourceError(text, last) : new TaskError(text, last);
    },
  };
}
