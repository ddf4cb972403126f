import { SerializationError } from '../../errors.js';
import { BadKey } from '../../shuffle/keys/bad-key.js';
import type { SkippedRecord } from '../../protocol/messages.js';
import { escapeControls, preview } from '../../values/preview.js';
import type { Cursor } from './blame.js';
import { PromisedRow } from '../../source/readers/json-rows.js';
import { NotAPair } from './pairs.js';

/** Details of skipped records that a task sends; it counts all of them. */
const DETAILS = 100;
/** Functions of a sink that throw for this many records of a task are to blame themselves. */
const SINK_FAILURES = 100;
/** Verbs that serialize a record at once; a shuffle does it later, with what other records have made. */
const writing = new Set(['writeText', 'writeJsonLines']);
/** Functions of these verbs see one record each, so it is clear which one to leave out. */
const blamed = new Set(['aggregate', 'top', 'aggregateByKey', 'sortBy', 'distinct', ...writing]);

/** What a task does with records whose function throws, under `onError: 'skip'`. */
export interface Tolerance {
  /** Leaves the record under way out; throws once too many have been. */
  skip(error: unknown): void;
  /**
   * Whether the task is to begin anew without the record under way, because a function of its sink threw: by then,
   * part of what the record gave may be in the sink's accumulators.
   */
  retriesWithout(error: unknown): boolean;
  /** Forgets what was skipped since the task began, but not the records that made it begin anew. */
  restart(): void;
  /** Records to leave out from the start, by their number in the task. */
  readonly excluded: readonly number[];
  /** Room in the sink: a record that gives more is cut short. */
  readonly limit: number;
  /** @throws PromisedRow for a schema that turns out to be asynchronous: no line is to blame for that. */
  result(): Promise<{ count: number; records: SkippedRecord[] }>;
}

export function tolerance(max: number, limit: number, chunkOf: () => number, cursor: Cursor): Tolerance {
  const excluded: number[] = [];
  const fromSink: SkippedRecord[] = [];
  let records: SkippedRecord[] = [];
  let promised: { readonly error: PromisedRow; readonly record: number; readonly at: Cursor }[] = [];
  let count = 0;

  function describe(error: unknown): SkippedRecord {
    const { batch, i, verb } = cursor;
    return {
      verb,
      chunk: chunkOf(),
      ...(batch?.locate(i) ?? {}),
      preview: preview(batch?.records[i]),
      error: summary(error),
    };
  }

  return {
    limit,
    excluded,
    skip(error) {
      count += 1;
      if (count + excluded.length > max) throw error;
      if (error instanceof PromisedRow && promised.length < DETAILS) {
        promised.push({ error, record: records.length, at: { ...cursor } });
      }
      if (records.length < DETAILS) records.push(describe(error));
    },
    retriesWithout(error) {
      // Of every keyed verb: a key that cannot be one is the record's fault, as is a record that is no pair.
      const isRecord = error instanceof BadKey || error instanceof NotAPair;
      if (!isRecord && !blamed.has(cursor.verb)) return false;
      // Of an accumulator that goes to the disk: any record may be under way then.
      if (!isRecord && error instanceof SerializationError && !writing.has(cursor.verb)) return false;
      if (excluded.length >= SINK_FAILURES) return false;
      if (count + excluded.length >= max || excluded.includes(cursor.ordinal)) return false;
      fromSink.push(describe(error));
      excluded.push(cursor.ordinal);
      return true;
    },
    restart() {
      records = [];
      promised = [];
      count = 0;
    },
    async result() {
      for (const { error, record, at } of promised) {
        const reason = await error.reason();
        if (reason === error) {
          Object.assign(cursor, at);
          throw error;
        }
        const described = records[record];
        if (described !== undefined) records[record] = { ...described, error: summary(reason) };
      }
      return { count: count + excluded.length, records: [...fromSink, ...records].slice(0, DETAILS) };
    },
  };
}

/** Name and message of what was thrown, whatever it is. */
function summary(error: unknown): string {
  try {
    const { name, message } = error as Error;
    if (typeof name === 'string' && typeof message === 'string')
      return escapeControls(`${name}: ${message}`.slice(0, 500)).slice(0, 500);
  } catch {
    // A hostile getter; the preview below copes with it.
  }
  return preview(error);
}
