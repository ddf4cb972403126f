import type { Callable } from '../dataset/function-ref.js';
import type { Op } from '../dataset/node.js';
import type { Batch, Batches } from '../source/chunk.js';

/** Where a task is: what an error needs to name the function and the record. */
export interface Cursor {
  /** The verb whose function runs, or an empty string while forkfold's own code does. */
  verb: string;
  /** The function that runs, by its number in the run description. */
  fn: number;
  batch: Batch | undefined;
  i: number;
  /** Records read so far. */
  records: number;
  /** Set by a sink that needs no more records. */
  done: boolean;
}

type Push = (record: unknown) => void;
type Fn = (...args: unknown[]) => unknown;
type AnyIterable = Iterable<unknown> | AsyncIterable<unknown>;

/** Sends the records of a chunk through fused transformations into `sink`. Synchronous wherever it can be. */
export function runPipeline(
  batches: Batches,
  ops: readonly Op<number>[],
  functions: readonly Callable[],
  sink: Push,
  cursor: Cursor,
  seed: number,
): void | Promise<void> {
  const cut = ops.findIndex(({ verb }) => verb === 'mapPartitions' || verb === 'mapAsync');
  if (cut < 0) return feed(batches, chain(ops, functions, sink, cursor, seed), cursor);
  let records: AnyIterable = pull(
    batches,
    (push) => chain(ops.slice(0, cut), functions, push, cursor, seed),
    cursor,
  );
  let rest = ops.slice(cut);
  for (;;) {
    const [op, ...after] = rest;
    if (op?.verb === 'mapPartitions') {
      cursor.verb = op.verb;
      cursor.fn = op.fn;
      records = (functions[op.fn] as unknown as Fn)(records) as AnyIterable;
      if (
        typeof (records as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function' &&
        !isAsync(records)
      ) {
        throw new TypeError('mapPartitions must return an iterable');
      }
    } else if (op?.verb === 'mapAsync') {
      records = mapConcurrently(records, functions[op.fn] as unknown as Fn, op, cursor);
    }
    const next = after.findIndex(({ verb }) => verb === 'mapPartitions' || verb === 'mapAsync');
    if (next < 0) return feedRecords(records, chain(after, functions, sink, cursor, seed), cursor);
    const [upstream, between] = [records, after.slice(0, next)];
    records = pullRecords(upstream, (push) => chain(between, functions, push, cursor, seed));
    rest = after.slice(next);
  }
}

function feed(batches: Batches, push: Push, cursor: Cursor): void | Promise<void> {
  if (isAsync(batches)) {
    return (async () => {
      for await (const batch of batches) if (!feedBatch(batch, push, cursor)) return;
    })();
  }
  for (const batch of batches) if (!feedBatch(batch, push, cursor)) return;
}

function feedBatch(batch: Batch, push: Push, cursor: Cursor): boolean {
  const { records } = batch;
  cursor.batch = batch;
  for (let i = 0; i < records.length; i += 1) {
    if (cursor.done) return false;
    cursor.i = i;
    push(records[i]);
  }
  cursor.records += records.length;
  cursor.verb = '';
  return !cursor.done;
}

function feedRecords(records: AnyIterable, push: Push, cursor: Cursor): void | Promise<void> {
  if (isAsync(records)) {
    return (async () => {
      for await (const record of records) {
        push(record);
        if (cursor.done) return;
      }
    })();
  }
  for (const record of records as Iterable<unknown>) {
    push(record);
    if (cursor.done) return;
  }
}

function pull(batches: Batches, build: (push: Push) => Push, cursor: Cursor): AnyIterable {
  const held: unknown[] = [];
  const push = build((record) => held.push(record));
  function* one(batch: Batch): Generator<unknown> {
    cursor.batch = batch;
    for (let i = 0; i < batch.records.length; i += 1) {
      cursor.i = i;
      cursor.records += 1;
      push(batch.records[i]);
      if (held.length > 0) yield* held.splice(0);
    }
  }
  if (isAsync(batches)) {
    return (async function* () {
      for await (const batch of batches) yield* one(batch);
    })();
  }
  return (function* () {
    for (const batch of batches) yield* one(batch);
  })();
}

function pullRecords(records: AnyIterable, build: (push: Push) => Push): AnyIterable {
  const held: unknown[] = [];
  const push = build((record) => held.push(record));
  if (isAsync(records)) {
    return (async function* () {
      for await (const record of records) {
        push(record);
        yield* held.splice(0);
      }
    })();
  }
  return (function* () {
    for (const record of records) {
      push(record);
      yield* held.splice(0);
    }
  })();
}

async function* mapConcurrently(
  records: AnyIterable,
  fn: Fn,
  { fn: number, concurrency }: { fn: number; concurrency: number },
  cursor: Cursor,
): AsyncGenerator<unknown> {
  const running: Promise<unknown>[] = [];
  for await (const record of records) {
    const { batch, i } = cursor;
    const result = (async () => fn(record))().catch((error: unknown) => {
      Object.assign(cursor, { batch, i, verb: 'mapAsync', fn: number });
      throw error;
    });
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= concurrency) yield await running.shift();
  }
  while (running.length > 0) yield await running.shift();
}

/** Fuses transformations into one function that is called with each record. */
function chain(
  ops: readonly Op<number>[],
  functions: readonly Callable[],
  sink: Push,
  cursor: Cursor,
  seed: number,
): Push {
  return ops.reduceRight<Push>(
    (next, op) => link(op, 'fn' in op ? functions[op.fn] : undefined, next, cursor, seed),
    sink,
  );
}

function link(
  op: Op<number>,
  callable: Callable | undefined,
  next: Push,
  cursor: Cursor,
  seed: number,
): Push {
  const fn = callable as unknown as Fn;
  const at = (): void => {
    cursor.verb = op.verb;
    cursor.fn = 'fn' in op ? op.fn : -1;
  };
  switch (op.verb) {
    case 'map':
      return (record) => {
        at();
        next(fn(record));
      };
    case 'filter':
      return (record) => {
        at();
        if (fn(record)) next(record);
      };
    case 'flatMap':
      return (record) => {
        at();
        for (const made of fn(record) as Iterable<unknown>) {
          next(made);
          if (cursor.done) return;
          at();
        }
      };
    case 'keyBy':
      return (record) => {
        at();
        next([fn(record), record]);
      };
    case 'mapValues':
      return (record) => {
        at();
        const [key, value] = asPair(record, op.verb);
        next([key, fn(value)]);
      };
    case 'mapReduce':
      return (record) => {
        at();
        const [key, values] = record as [unknown, unknown];
        next([key, fn(key, op.combined ? [values] : values)]);
      };
    case 'finish': {
      const { finish } = callable as unknown as { finish?: Fn };
      return (record) => {
        at();
        const [key, value] = record as [unknown, unknown];
        next(finish ? [key, (callable as unknown as { finish: Fn }).finish(value)] : record);
      };
    }
    case 'values':
      return (record) => next((record as [unknown, unknown])[1]);
    case 'join':
      return (record) => {
        const [key, [left, right]] = record as [unknown, [Iterable<unknown>, Iterable<unknown>]];
        const lefts = Array.from(left);
        const rights = Array.from(right);
        if (lefts.length === 0 && op.keepRight) lefts.push(undefined);
        if (rights.length === 0 && op.keepLeft) rights.push(undefined);
        for (const a of lefts) for (const b of rights) next([key, [a, b]]);
      };
    case 'sample': {
      // mulberry32, seeded by the chunk's number, so that a retry takes the same records.
      let state = (op.seed ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0;
      return (record) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        if (((t ^ (t >>> 14)) >>> 0) / 2 ** 32 < op.fraction) next(record);
      };
    }
    case 'mapPartitions':
    case 'mapAsync':
      throw new Error(`${op.verb} is no link of a chain`);
  }
}

/** Checks that a keyed verb was given a pair. */
export function asPair(record: unknown, verb: string): readonly [unknown, unknown] {
  if (!Array.isArray(record) || record.length !== 2) {
    throw new TypeError(`${verb} takes [key, value] pairs: make them with keyBy or map`);
  }
  return record as unknown as readonly [unknown, unknown];
}

function isAsync<T>(value: Iterable<T> | AsyncIterable<T>): value is AsyncIterable<T> {
  return typeof (value as Partial<AsyncIterable<T>> | undefined)?.[Symbol.asyncIterator] === 'function';
}
