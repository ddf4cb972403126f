import type { Batch, Batches } from '../../source/source.js';
import type { Blame } from '../blame/blame.js';

export type AnyIterable<T = unknown> = Iterable<T> | AsyncIterable<T>;

/** Takes the next record. */
export type Push = (record: unknown) => void;

/** Whatever takes records, and may need no more. */
export interface Room {
  readonly isFull: boolean;
  /** False of one that is never full: it need not be asked for each record. */
  readonly isBounded?: boolean;
}

export function isAsync<T>(value: AnyIterable<T>): value is AsyncIterable<T> {
  return typeof (value as Partial<AsyncIterable<T>> | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** Calls `visit` for each item until it gives false: synchronously, unless the items come later. */
export function visitEach<T>(items: AnyIterable<T>, visit: (item: T) => boolean): void | Promise<void> {
  if (isAsync(items)) {
    return (async () => {
      for await (const item of items) if (!visit(item)) return;
    })();
  }
  for (const item of items) if (!visit(item)) return;
}

/** What `expand` makes of each item, as an iterable of the same kind. */
export function expandEach<T, R>(items: Iterable<T>, expand: (item: T) => Iterable<R>): Iterable<R>;
export function expandEach<T, R>(items: AnyIterable<T>, expand: (item: T) => Iterable<R>): AnyIterable<R>;
export function expandEach<T, R>(items: AnyIterable<T>, expand: (item: T) => Iterable<R>): AnyIterable<R> {
  if (isAsync(items)) {
    return (async function* () {
      for await (const item of items) yield* expand(item);
    })();
  }
  return (function* () {
    for (const item of items) yield* expand(item);
  })();
}

/** Pushes each record, and has the blame stand at it, until the room is full. */
export function feed(batches: Batches, push: Push, blame: Blame, room: Room): void | Promise<void> {
  const isBounded = room.isBounded !== false;
  return visitEach(batches, (batch) => {
    const { records } = batch;
    const { length } = records;
    blame.batch = batch;
    for (let i = 0; i < length; i += 1) {
      if (isBounded && room.isFull) return false;
      blame.i = i;
      push(records[i]);
    }
    blame.records += length;
    blame.leave();
    return !room.isFull;
  });
}

/** The records as they are asked for; the blame stands at the one that was given last. */
export function recordsOf(batches: Batches, blame: Blame): AnyIterable {
  return expandEach(batches, function* (batch: Batch) {
    const { records } = batch;
    for (let i = 0; i < records.length; i += 1) {
      blame.stand(batch, i);
      blame.records += 1;
      yield records[i];
    }
    blame.leave();
  });
}
