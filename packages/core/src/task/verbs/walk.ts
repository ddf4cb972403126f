import type { Batch, Batches } from '../../source/source.js';
import type { Blame } from '../blame/blame.js';

export type AnyIterable<T = unknown> = Iterable<T> | AsyncIterable<T>;

/** Takes the next record. */
export type Push = (record: unknown) => void;

/** Takes the next record, a pair, without one being made. */
export type PushPair = (key: unknown, value: unknown) => void;

/** Whatever takes records, and may need no more. */
export interface Room {
  readonly isFull: boolean;
  /** False of one that is never full: it need not be asked for each record. */
  readonly isBounded?: boolean;
}

/** Where the records of a chain end. */
export interface Receiver extends Room {
  readonly push: Push;
  /** The same for a pair, where that costs less than to make one. */
  readonly pushPair?: PushPair | undefined;
}

export function isAsync<T>(value: AnyIterable<T>): value is AsyncIterable<T> {
  return typeof (value as Partial<AsyncIterable<T>> | undefined)?.[Symbol.asyncIterator] === 'function';
}

/**
 * Calls `visit` for each item until it gives false: synchronously, unless the items come later, or `visit` has to be waited
 * for.
 */
export function visitEach<T>(
  items: AnyIterable<T>,
  visit: (item: T) => boolean | Promise<boolean>,
): void | Promise<void> {
  if (isAsync(items)) return visitLater(items, visit);
  const iterator = items[Symbol.iterator]();
  let isOver = false;
  try {
    for (let step = iterator.next(); ; step = iterator.next()) {
      isOver = step.done === true;
      if (step.done === true) return;
      const goesOn = visit(step.value);
      if (goesOn === false) return;
      if (goesOn === true) continue;
      isOver = true;
      return goesOn.then((wanted) => {
        if (wanted) return visitLater({ [Symbol.iterator]: () => iterator }, visit);
        iterator.return?.();
        return undefined;
      });
    }
  } finally {
    if (!isOver) iterator.return?.();
  }
}

async function visitLater<T>(
  items: AnyIterable<T>,
  visit: (item: T) => boolean | Promise<boolean>,
): Promise<void> {
  for await (const item of items) {
    const goesOn = visit(item);
    if (!(typeof goesOn === 'boolean' ? goesOn : await goesOn)) return;
  }
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

/** What may be left of a record that was pushed. */
export interface Unfinished {
  readonly isPaused: boolean;
  finish(): Promise<void>;
}

/** What takes the records of a source. */
interface Taker {
  readonly push: Push;
  /** The same for records that need not be parsed. */
  readonly pushParsed: Push;
  readonly rest: Unfinished;
}

/** Pushes each record, and has the blame stand at it, until the room is full. */
export function feed(batches: Batches, taker: Taker, blame: Blame, room: Room): void | Promise<void> {
  const isBounded = room.isBounded !== false;
  const { rest } = taker;

  /** Pushes records from `i` on; the index of the next one where something is left of the one before, -1 where no more is wanted. */
  function pushFrom({ records, areParsed }: Batch, from: number): number {
    const { length } = records;
    const push = areParsed === true ? taker.pushParsed : taker.push;
    for (let i = from; i < length; i += 1) {
      if (isBounded && room.isFull) return -1;
      blame.i = i;
      push(records[i]);
      if (rest.isPaused) return i + 1;
    }
    return length;
  }

  function end({ records }: Batch, at: number): boolean {
    if (at < 0) return false;
    blame.records += records.length;
    blame.leave();
    return !room.isFull;
  }

  async function finish(batch: Batch, from: number): Promise<boolean> {
    let at = from;
    while (rest.isPaused) {
      await rest.finish();
      at = pushFrom(batch, at);
    }
    return end(batch, at);
  }

  return visitEach(batches, (batch) => {
    blame.batch = batch;
    const at = pushFrom(batch, 0);
    return rest.isPaused ? finish(batch, at) : end(batch, at);
  });
}

/** The records as they are asked for; the blame stands at the one that was given last. */
export function recordsOf(batches: Batches, blame: Blame): AnyIterable {
  return expandEach(batches, (batch: Batch) => recordsFrom(batch, 0, blame));
}

/** The same for those of a batch from one on. */
export function* recordsFrom(batch: Batch, from: number, blame: Blame): Generator<unknown, void, undefined> {
  const { records } = batch;
  for (let i = from; i < records.length; i += 1) {
    blame.stand(batch, i);
    blame.records += 1;
    yield records[i];
  }
  blame.leave();
}
