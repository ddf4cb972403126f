import type { Callable } from '../../plan/function-ref.js';
import type { Op } from '../../plan/node.js';
import type { Batch, Batches } from '../../source/chunk.js';
import { chain, tolerantChain, type Fn, type Push } from './chain.js';
import type { Cursor } from '../blame/blame.js';
import { mapConcurrently } from './map-concurrently.js';
import { mapUntilPromise } from './map-until-promise.js';
import type { Tolerance } from '../blame/skips.js';

type AnyIterable = Iterable<unknown> | AsyncIterable<unknown>;

/**
 * Sends the records of a chunk through fused transformations into `sink`. Synchronous wherever it can be. With a
 * tolerance, a record whose function throws is left out; but for `mapPartitions` and what follows it, where nobody can
 * tell which record is to blame.
 */
export function runPipeline(
  batches: Batches,
  ops: readonly Op<number>[],
  functions: readonly Callable[],
  sink: Push,
  cursor: Cursor,
  seed: number,
  given?: Tolerance,
): void | Promise<void> {
  let tolerance = given;
  const link = (links: readonly Op<number>[], push: Push): Push =>
    tolerance === undefined
      ? chain(links, functions, push, cursor, seed)
      : tolerantChain(links, functions, push, cursor, seed, tolerance);
  const [first] = ops;
  if (first?.verb === 'parallelMap' && !isAsync(batches)) {
    const fn = functions[first.fn] as unknown as Fn;
    const rest = mapUntilPromise(batches, fn, first, link(ops.slice(1), sink), cursor, tolerance);
    return rest && feedRecords(rest, link(ops.slice(1), sink), cursor);
  }
  const cut = ops.findIndex(isCut);
  if (cut < 0) return feed(batches, link(ops, sink), cursor);
  let records: AnyIterable = pull(batches, (push) => link(ops.slice(0, cut), push), cursor);
  let rest = ops.slice(cut);
  for (;;) {
    const [op, ...after] = rest;
    if (op?.verb === 'mapPartitions') {
      tolerance = undefined;
      const fn = functions[op.fn] as unknown as Fn;
      const call = (given: Iterable<unknown>): AnyIterable => {
        cursor.verb = op.verb;
        cursor.fn = op.fn;
        return checkedIterable(fn(given));
      };
      records = isAsync(records) ? gathered(records, call, cursor) : call(records);
    } else if (op?.verb === 'mapAsync' || op?.verb === 'parallelMap') {
      records = mapConcurrently(records, functions[op.fn] as unknown as Fn, op, cursor, tolerance);
    }
    const next = after.findIndex(isCut);
    if (next < 0) return feedRecords(records, link(after, sink), cursor);
    const [upstream, between] = [records, after.slice(0, next)];
    records = pullRecords(upstream, (push) => link(between, push));
    rest = after.slice(next);
  }
}

/** Whether a verb is no link of a fused chain. */
function isCut({ verb }: Op<number>): boolean {
  return verb === 'mapPartitions' || verb === 'mapAsync' || verb === 'parallelMap';
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
    for (let i = 0; i < batch.records.length; i += 1) {
      cursor.batch = batch;
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

/** A function of an iterable cannot wait for records that come later, as those of a compressed file do: it gets them all. */
async function* gathered(
  records: AsyncIterable<unknown>,
  call: (records: Iterable<unknown>) => AnyIterable,
  cursor: Cursor,
): AsyncGenerator<unknown> {
  const all: unknown[] = [];
  for await (const record of records) all.push(record);
  // The last record read is not the one to blame.
  cursor.batch = undefined;
  yield* call(all);
}

function checkedIterable(made: unknown): AnyIterable {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(made) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  if (typeof sync === 'function' || typeof async === 'function') return made as AnyIterable;
  throw new TypeError('mapPartitions must return an iterable');
}

function isAsync<T>(value: Iterable<T> | AsyncIterable<T>): value is AsyncIterable<T> {
  return typeof (value as Partial<AsyncIterable<T>> | undefined)?.[Symbol.asyncIterator] === 'function';
}
