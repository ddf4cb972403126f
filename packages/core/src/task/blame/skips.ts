import { SerializationError } from '../../errors.js';
import type { Skipped, SkippedRecord } from '../../protocol/reply.js';
import { BadKey } from '../../shuffle/keys/bad-key.js';
import { PromisedRecord } from '../../source/bad-record.js';
import { summarizeThrown } from '../../values/describe-thrown.js';
import { preview } from '../../values/preview.js';
import type { Blame, Standing } from './blame.js';
import { NotAPair } from './pairs.js';

/** Details of skipped records that a task sends; it counts all of them. */
const DETAILS = 100;
/** Functions of a sink that throw for this many records of a task are to blame themselves. */
const SINK_FAILURES = 100;

/** What a task does with records whose function throws, under `onError: 'skip'`. */
export interface Skips {
  /** Leaves out the record that `blame` stands at; throws once too many have been. */
  skip(error: unknown, blame: Blame): void;
  /**
   * Whether the task is to begin anew without the record under way, because a function of its sink threw: by then,
   * part of what the record gave may be in the sink's accumulators.
   */
  restartsWithout(error: unknown): boolean;
  /** Forgets what was skipped since the task began, but not the records that made it begin anew. */
  restart(): void;
  /** Records to leave out from the start, by their number in the task. */
  readonly excluded: readonly number[];
  /** How many records may be left out. */
  readonly max: number;
  /** Room in the sink: a record that gives more is cut short. */
  readonly limit: number;
  /** @throws PromisedRecord for a schema that turns out to be asynchronous: no line is to blame for that. */
  result(): Promise<Skipped>;
}

/** A record that was left out for a promise, whose reason is known later. */
interface PromisedSkip {
  readonly error: PromisedRecord;
  /** Its place among the records that are described. */
  readonly record: number;
  readonly at: Standing;
}

/**
 * @param max How many records may be left out.
 * @param task Where the sink of the task is.
 */
export function skipsOf(max: number, limit: number, task: Blame): Skips {
  const excluded: number[] = [];
  const fromSink: SkippedRecord[] = [];
  let records: SkippedRecord[] = [];
  let promised: PromisedSkip[] = [];
  let count = 0;

  function describe(error: unknown, blame: Blame): SkippedRecord {
    const { verb, chunk } = blame;
    return {
      verb,
      chunk,
      ...(blame.batch?.locate(blame.i) ?? {}),
      preview: preview(blame.read),
      error: summarizeThrown(error),
    };
  }

  return {
    max,
    limit,
    excluded,
    skip(error, blame) {
      if (blame.isOver) return;
      count += 1;
      if (count + excluded.length > max) throw error;
      if (error instanceof PromisedRecord && promised.length < DETAILS) {
        promised.push({ error, record: records.length, at: blame.standing() });
      }
      if (records.length < DETAILS) records.push(describe(error, blame));
    },
    restartsWithout(error) {
      if (!isOfRecord(error, task)) return false;
      if (excluded.length >= SINK_FAILURES) return false;
      if (count + excluded.length >= max || excluded.includes(task.record)) return false;
      fromSink.push(describe(error, task));
      excluded.push(task.record);
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
          task.restore(at);
          throw error;
        }
        const described = records[record];
        if (described !== undefined) records[record] = { ...described, error: summarizeThrown(reason) };
      }
      // Chunks that are worked on at the same time do not fail in their order.
      records.sort((a, b) => a.chunk - b.chunk);
      return { count: count + excluded.length, records: [...fromSink, ...records].slice(0, DETAILS) };
    },
  };
}

/** Whether the record under way is to blame for what its sink has met. */
function isOfRecord(error: unknown, { given }: Blame): boolean {
  // A key that cannot be one is the record's fault whatever the verb, as is a record that is no pair.
  if (error instanceof BadKey || error instanceof NotAPair) return true;
  // An accumulator that cannot be serialized goes to the disk while any record may be under way.
  if (error instanceof SerializationError) return given === 'written';
  return given !== 'other';
}
