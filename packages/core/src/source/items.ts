import { OptionError, SourceError } from '../errors.js';
import { encode } from '../transport/codec.js';
import type { ChunkOptions, ItemsChunk, Partitions } from './chunk.js';

export type Items<T> = Iterable<T> | AsyncIterable<T>;

export interface ItemsSource {
  readonly kind: 'items';
  readonly items: Items<unknown>;
}

/** Iterators that a run has begun to consume: a second run would silently find them empty. */
const consumed = new WeakSet();

export function checkItems(items: unknown): void {
  const given = items as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  if (typeof given?.[Symbol.iterator] !== 'function' && typeof given?.[Symbol.asyncIterator] !== 'function') {
    throw new OptionError(
      `Expected "items" to be an array, a typed array or an iterable, got ${String(items)} (${typeof items})`,
      'items',
    );
  }
}

/** Cuts items into chunks. Boundaries depend on the length, or on the position where that is unknown, alone. */
export function partitionItems({ items }: ItemsSource, { chunkSize }: ChunkOptions): Partitions {
  if (Array.isArray(items) || (ArrayBuffer.isView(items) && 'length' in items)) {
    const list = items as unknown as ArrayLike<unknown> & { slice(from: number, to: number): unknown };
    const size = chunkSize ?? Math.min(16_384, Math.max(1, Math.ceil(list.length / 1024)));
    return { chunks: slices(list, size), count: Math.ceil(list.length / size), bytes: list.length * 64 };
  }
  if (consumed.has(items)) {
    throw new SourceError(
      'This iterator was consumed by an earlier run: pass an array, or make a new iterator',
    );
  }
  const sizeOf = (chunk: number): number => chunkSize ?? Math.min(256, 2 ** Math.floor(chunk / 32));
  if (Symbol.asyncIterator in items) {
    if (isOneShot(items)) consumed.add(items);
    return { chunks: pullAsync(items, sizeOf), count: undefined, bytes: undefined };
  }
  if (isOneShot(items)) consumed.add(items);
  return { chunks: pull(items, sizeOf), count: undefined, bytes: undefined };
}

// An iterator returns itself and so can be read once. Streams are asked by their shape: reading them would lock them.
function isOneShot(items: object): boolean {
  return 'next' in items || 'getReader' in items || 'pipe' in items;
}

function* slices(
  list: ArrayLike<unknown> & { slice(from: number, to: number): unknown },
  size: number,
): Generator<ItemsChunk> {
  for (let first = 0; first < list.length; first += size)
    yield toChunk(list.slice(first, first + size), first);
}

function* pull(items: Iterable<unknown>, sizeOf: (chunk: number) => number): Generator<ItemsChunk> {
  let [held, first, chunk]: [unknown[], number, number] = [[], 0, 0];
  for (const item of items) {
    held.push(item);
    if (held.length < sizeOf(chunk)) continue;
    yield toChunk(held, first);
    [held, first, chunk] = [[], first + held.length, chunk + 1];
  }
  if (held.length > 0) yield toChunk(held, first);
}

async function* pullAsync(
  items: AsyncIterable<unknown>,
  sizeOf: (chunk: number) => number,
): AsyncGenerator<ItemsChunk> {
  let [held, first, chunk]: [unknown[], number, number] = [[], 0, 0];
  for await (const item of items) {
    held.push(item);
    if (held.length < sizeOf(chunk)) continue;
    yield toChunk(held, first);
    [held, first, chunk] = [[], first + held.length, chunk + 1];
  }
  if (held.length > 0) yield toChunk(held, first);
}

function toChunk(items: unknown, first: number): ItemsChunk {
  return { kind: 'items', items: encode(items, 'input', first), first };
}
