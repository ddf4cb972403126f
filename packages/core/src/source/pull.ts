import type { ItemsChunk } from './items-chunk.js';

type ToChunk = (items: unknown[], first: number) => ItemsChunk;

/**
 * Pulls chunks from an iterable, synchronously. `for..of` is the protocol: it returns the iterator when the consumer
 * stops early, and leaves it alone when the iterator itself threw.
 */
export function* pullChunks(
  items: Iterable<unknown>,
  sizeOf: (chunk: number) => number,
  toChunk: ToChunk,
): Generator<ItemsChunk, void, undefined> {
  let [held, first, chunk, size]: [unknown[], number, number, number] = [[], 0, 0, sizeOf(0)];
  for (const item of items) {
    held.push(item);
    if (held.length < size) continue;
    yield toChunk(held, first);
    first += held.length;
    held = [];
    chunk += 1;
    size = sizeOf(chunk);
  }
  if (held.length > 0) yield toChunk(held, first);
}

/** Chunks as they are pulled. `return` returns the source unless it has ended, thrown or been returned before. */
export interface PulledChunks extends AsyncIterableIterator<ItemsChunk, undefined> {
  return(): Promise<IteratorResult<ItemsChunk, undefined>>;
}

/**
 * Pulls chunks from an async iterator; the consumer asks for one at a time. Not an async generator, in which `return`
 * would wait for the rest of a chunk from a source that may never give it: here the source is returned at once.
 */
export function pullChunksAsync(
  iterator: AsyncIterator<unknown>,
  sizeOf: (chunk: number) => number,
  toChunk: ToChunk,
): PulledChunks {
  const end = { done: true, value: undefined } as const;
  let state: 'open' | 'ended' | 'returned' = 'open';
  let [first, chunk] = [0, 0];
  // The state changes while `next` waits.
  const is = (expected: typeof state): boolean => state === expected;

  async function giveBack(): Promise<typeof end> {
    const wasOpen = is('open');
    state = 'returned';
    if (wasOpen) await iterator.return?.();
    return end;
  }

  async function next(): Promise<IteratorResult<ItemsChunk, undefined>> {
    const size = sizeOf(chunk);
    const held: unknown[] = [];
    while (is('open') && held.length < size) {
      let step: IteratorResult<unknown>;
      try {
        step = await iterator.next();
      } catch (error) {
        // An iterator that threw is over: the protocol does not return it.
        state = 'ended';
        throw error;
      }
      if (step.done !== true) held.push(step.value);
      else if (is('open')) state = 'ended';
    }
    // After an early return nobody wants what came meanwhile.
    if (held.length === 0 || is('returned')) return end;
    try {
      const made = toChunk(held, first);
      first += held.length;
      chunk += 1;
      return { done: false, value: made };
    } catch (error) {
      await giveBack().catch(() => undefined);
      throw error;
    }
  }

  const chunks: PulledChunks = { next, return: giveBack, [Symbol.asyncIterator]: () => chunks };
  return chunks;
}
