import { isThenable } from '../values/thenable.js';

/** The next item of a supply, or its end. */
export type Supplied<T> = IteratorResult<T, void>;

/**
 * Gives items one after the other: at once where they are there, else later. The consumer asks for one at a time. An async
 * generator would cost several turns of the event loop's queue for each of a list's many chunks, and would hold up `return`
 * until the item under way is there.
 */
export interface Supply<T> {
  /** An error, thrown or later, ends the supply. */
  next(): Supplied<T> | Promise<Supplied<T>>;
  /** Nobody wants any more: what the items come from hears of it at once, unless it has ended or failed. May be called again. */
  return(): Promise<unknown>;
}

export const END: Supplied<never> = { done: true, value: undefined };

type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/** The items of iterables, one iterable after the other; each is opened once it is its turn. */
export function supplyOf<T>(
  count: number,
  open: (i: number) => Iterable<T> | AsyncIterable<T>,
): Supply<{ readonly of: number; readonly item: T }> {
  type Item = { readonly of: number; readonly item: T };
  let [of, isOver] = [0, false];
  let current: AnyIterator | undefined;

  function taken(step: IteratorResult<unknown>): Supplied<Item> | undefined {
    if (isOver) return END;
    if (step.done !== true) return { done: false, value: { of, item: step.value as T } };
    current = undefined;
    of += 1;
    return undefined;
  }

  /** An iterator that has thrown is over, and is not returned. */
  function failed(error: unknown): never {
    current = undefined;
    isOver = true;
    throw error;
  }

  function next(): Supplied<Item> | Promise<Supplied<Item>> {
    try {
      while (!isOver && of < count) {
        current ??= iteratorOf(open(of));
        const step = current.next();
        if (isThenable(step)) return later(step);
        const item = taken(step);
        if (item !== undefined) return item;
      }
      return END;
    } catch (error) {
      return failed(error);
    }
  }

  async function later(coming: Promise<IteratorResult<unknown>>): Promise<Supplied<Item>> {
    const step = await coming.catch(failed);
    return taken(step) ?? next();
  }

  return {
    next,
    async return() {
      const open = current;
      current = undefined;
      isOver = true;
      await open?.return?.();
    },
  };
}

/** What becomes of each item, in order: none, one or several. */
export function supplyEach<T, R>(items: Supply<T>, expand: (item: T) => Iterable<R>): Supply<R> {
  let open: Iterator<R, unknown> | undefined;

  function next(): Supplied<R> | Promise<Supplied<R>> {
    for (;;) {
      const made = open?.next();
      if (made !== undefined && made.done !== true) return made;
      open = undefined;
      const step = items.next();
      if (isThenable(step)) return later(step);
      if (step.done === true) return END;
      open = expand(step.value)[Symbol.iterator]();
    }
  }

  async function later(coming: Promise<Supplied<T>>): Promise<Supplied<R>> {
    const step = await coming;
    if (step.done === true) return END;
    open = expand(step.value)[Symbol.iterator]();
    return next();
  }

  return { next, return: () => items.return() };
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): AnyIterator {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
