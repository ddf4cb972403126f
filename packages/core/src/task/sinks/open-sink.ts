import type { Aggregator } from '../../fold/aggregator.js';
import type { Callable } from '../../plan/function-ref.js';
import type { Shuffle, Sink } from '../../plan/node.js';
import { combineReader } from '../../shuffle/combine/reader.js';
import { combineWriter } from '../../shuffle/combine/writer.js';
import { groupReader } from '../../shuffle/group/reader.js';
import { groupWriter } from '../../shuffle/group/writer.js';
import type { Combining, ShuffleIo } from '../../shuffle/combining.js';
import { sortReader } from '../../shuffle/sort/reader.js';
import { sortWriter } from '../../shuffle/sort/writer.js';
import { copySpilled } from '../../shuffle/group/spilled-values.js';
import type { Batch } from '../../source/chunk.js';
import type { BucketChunk, SortedChunk } from '../../protocol/messages.js';
import { collectSink } from './collect.js';
import type { Cursor } from '../blame/blame.js';
import { foldSink } from './fold.js';
import { asPair } from '../blame/pairs.js';
import { partSink } from './part-sink.js';
import type { ResultPlace } from '../blame/result-index.js';

/** Where the records of a task end: takes them one by one, then gives the task's partial result. */
export interface OpenSink {
  push(record: unknown, tag: number): void;
  /** After the last record of each chunk. */
  endChunk?(): void;
  finish(): unknown;
  abort?(): void;
}

type Fn = (...args: unknown[]) => unknown;
type AnyAggregator = Aggregator<unknown, unknown>;

/** Opens a sink. */
export function openSink(
  sink: Sink<number>,
  functions: readonly Callable[],
  cursor: Cursor,
  io: ShuffleIo,
  place: ResultPlace,
  parts: string,
): OpenSink {
  switch (sink.kind) {
    case 'collect':
      return collectSink(sink.limit, cursor, io, place);
    case 'count':
    case 'reduce':
    case 'aggregate':
      return foldSink(sink, functions, cursor);
    case 'write':
      return partSink(sink, parts, io, cursor);
    case 'shuffle':
      return openShuffle(sink.shuffle, sink.partitions, functions, cursor, io);
  }
}

function openShuffle(
  shuffle: Shuffle<number>,
  partitions: number,
  functions: readonly Callable[],
  cursor: Cursor,
  io: ShuffleIo,
): OpenSink {
  const { verb } = shuffle;
  if (shuffle.kind === 'group') {
    const writer = groupWriter(shuffle.tags, partitions, io);
    return {
      push(given, tag) {
        cursor.verb = verb;
        cursor.fn = -1;
        const record = copySpilled(given);
        const [key, value] = asPair(record, cursor);
        writer.add(key, tag, value);
      },
      finish: () => writer.finish(),
      abort: () => writer.abort(),
    };
  }
  if (shuffle.kind === 'sort') {
    const keyOf = functions[shuffle.fn] as unknown as Fn;
    const writer = sortWriter(shuffle, io);
    return {
      push(given) {
        cursor.verb = verb;
        const record = copySpilled(given);
        cursor.fn = shuffle.fn;
        writer.add(keyOf(record), record);
      },
      finish: () => writer.finish(),
      abort: () => writer.abort(),
    };
  }
  const writer = combineWriter(combining(shuffle, functions), partitions, io);
  const keyOf =
    shuffle.kind === 'distinct' && shuffle.fn !== undefined
      ? (functions[shuffle.fn] as unknown as Fn)
      : undefined;
  const byRecord = shuffle.kind === 'distinct' || (shuffle.kind === 'count' && shuffle.key === 'record');
  return {
    push(given) {
      cursor.verb = verb;
      const record = copySpilled(given);
      cursor.fn = 'fn' in shuffle ? shuffle.fn : -1;
      if (byRecord) writer.add(keyOf ? keyOf(record) : record, record);
      else {
        const [key, value] = asPair(record, cursor);
        writer.add(key, value);
      }
    },
    finish: () => writer.finish(),
    abort: () => writer.abort(),
  };
}

/** How a keyed verb folds the values of a key. */
function combining(shuffle: Shuffle<number>, functions: readonly Callable[]): Combining {
  switch (shuffle.kind) {
    case 'reduce': {
      const op = functions[shuffle.fn] as unknown as Fn;
      return { create: (value) => value, add: (a, b) => op(a, b), merge: (a, b) => op(a, b) };
    }
    case 'aggregate': {
      const aggregator = functions[shuffle.fn] as unknown as AnyAggregator;
      return {
        create: (value) => aggregator.add(aggregator.zero(), value),
        add: (a, value) => aggregator.add(a, value),
        merge: (a, b) => aggregator.merge(a, b),
      };
    }
    case 'count':
      return {
        create: () => 1,
        add: (n) => (n as number) + 1,
        merge: (a, b) => (a as number) + (b as number),
      };
    case 'distinct': {
      // The key of a text is the text: see `withTexts`. Of equal numbers, dates and objects the first may look different.
      const create = (value: unknown): unknown =>
        shuffle.fn === undefined && typeof value === 'string' ? 0 : value;
      return { create, add: (first) => first, merge: (first) => first };
    }
    case 'group':
    case 'sort':
      return { create: (value) => value, add: (first) => first, merge: (first) => first };
  }
}

/** Gives back the texts that `combining` leaves out. */
function* withTexts(entries: Iterable<[key: unknown, record: unknown]>): Generator<[unknown, unknown]> {
  for (const entry of entries) yield typeof entry[0] === 'string' ? [entry[0], entry[0]] : entry;
}

/** The records of one bucket, on the reduce side. */
export function* readBucket(
  shuffle: Shuffle<number>,
  source: BucketChunk | SortedChunk,
  functions: readonly Callable[],
  io: ShuffleIo,
  cursor: Cursor,
): Generator<Batch> {
  if (source.kind === 'sorted') {
    const descending = shuffle.kind === 'sort' && shuffle.descending;
    yield* batchesOf(sortReader({ descending }, source.partition, io));
    return;
  }
  const { segments } = source;
  if (shuffle.kind === 'group') {
    // One at a time: a group's values are valid only until the next group is read.
    for (const [key, groups] of groupReader(shuffle.tags, segments, io)) {
      yield { records: [[key, shuffle.tags === 1 ? groups[0] : groups]], locate };
    }
    return;
  }
  const merging = blaming(combining(shuffle, functions), shuffle, cursor);
  const entries = combineReader(merging as Combining<never>, segments, io);
  yield* batchesOf(shuffle.kind === 'distinct' && shuffle.fn === undefined ? withTexts(entries) : entries);
}

/** Whatever else a reader throws is forkfold's own, so the cursor names the user's function only once it has thrown. */
function blaming(given: Combining, shuffle: Shuffle<number>, cursor: Cursor): Combining {
  return {
    ...given,
    merge(left, right) {
      try {
        return given.merge(left, right);
      } catch (error) {
        cursor.verb = shuffle.kind === 'aggregate' ? `${shuffle.verb}.merge` : shuffle.verb;
        cursor.fn = 'fn' in shuffle ? shuffle.fn : -1;
        // No record that was read before is to blame.
        cursor.batch = undefined;
        throw error;
      }
    },
  };
}

/** Few at a time: enough to make the cost of a batch small, even if each record is large. */
const BATCH = 16;

function* batchesOf(records: Iterable<unknown>): Generator<Batch> {
  let held: unknown[] = [];
  for (const record of records) {
    held.push(record);
    if (held.length < BATCH) continue;
    yield { records: held, locate };
    held = [];
  }
  if (held.length > 0) yield { records: held, locate };
}

// Records of a bucket come from many places of the input.
function locate(): Record<string, never> {
  return {};
}
