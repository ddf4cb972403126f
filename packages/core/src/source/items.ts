import { types } from 'node:util';
import { OptionError, SourceError } from '../errors.js';
import type { ItemsChunk, Primitive } from './items-chunk.js';
import { codec } from './lazy-codec.js';
import { checkStream, consume, expectErrors, isAsync, isIterator, isStream } from './one-shot.js';
import { inUnits, type ChunkOptions, type Cut, type Source } from './source.js';
import { pullChunks, pullChunksAsync } from './pull.js';
import { wrongArgument } from '../checks/wrong-argument.js';

/** What `from` takes. A function is called anew for every run, so it makes a one-shot iterator repeatable. */
export type Items<T> = Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>);

/** Encodes the items of a chunk; `firstIndex` is the index of its first item, for messages. */
export type EncodeItems = (
  items: readonly unknown[] | NodeJS.TypedArray,
  root: string,
  firstIndex: number,
) => Uint8Array;

/** Items in memory, or whatever gives them one after the other. */
export interface ItemsSource extends Source {
  readonly items: Items<unknown>;
}

type Counted = readonly unknown[] | NodeJS.TypedArray;
/** Items of which nobody knows how many there are. */
type Uncounted = Iterable<unknown> | AsyncIterable<unknown>;

/** What an item is taken to cost in a shuffle, in bytes. */
const ITEM_BYTES = 64;
/** A chunk of so many items, or fewer, may travel as it is. */
const FEW_ITEMS = 16;
/** Longer texts are packed. */
const SHORT_TEXT = 256;
const MAX_COUNTED = 16_384;
const MAX_UNCOUNTED = 256;

/** Describes items in memory, or any iterable or async iterable. Reads nothing. */
export function itemsSource(items: Items<unknown>): ItemsSource {
  return {
    name: 'from',
    identity: null,
    items,
    count: () => (isCounted(items) ? items.length : undefined),
    cut: async (options) => cutItems(items, options, (await codec()).encodeList),
  };
}

/**
 * The items as they are now, where they lie in memory and can be copied: what becomes of the caller's array, `Map` or `Set`
 * during a run does not matter to it. Whatever else is iterated over gives its items when it is asked.
 *
 * @throws SourceError for a typed array whose memory was given away.
 */
export function heldItems<I>(items: I): I | unknown[] | Iterable<unknown> {
  if (isCounted(items)) {
    if (isDetached(items)) {
      throw new SourceError(
        'the memory of this typed array was given away: it was transferred, and is empty now',
      );
    }
    return slice(items, 0, items.length) as unknown[];
  }
  if (!types.isMap(items) && !types.isSet(items)) return items;
  return new HeldItems([...(items as Iterable<unknown>)]);
}

/** A copy. The number of its items stays unknown, as of any iterable, and so do chunk boundaries. */
class HeldItems implements Iterable<unknown> {
  constructor(readonly copy: readonly unknown[]) {}

  [Symbol.iterator](): Iterator<unknown> {
    return this.copy[Symbol.iterator]();
  }
}

/** The items of an array, a `Map` or a `Set`, or of a copy of one, unless they are more than `most`. Nothing is pulled. */
export function itemsInMemory(items: Items<unknown>, most: number): readonly unknown[] | undefined {
  const held = items instanceof HeldItems ? items.copy : items;
  if (Array.isArray(held)) return held.length <= most ? held : undefined;
  const isFew = (types.isMap(held) || types.isSet(held)) && held.size <= most;
  return isFew ? [...(held as Iterable<unknown>)] : undefined;
}

function isDetached(items: Counted): boolean {
  if (!ArrayBuffer.isView(items)) return false;
  try {
    slice(items, 0, 0);
    return false;
  } catch {
    return true;
  }
}

/** Whether a source is one of items, which may have to be listened to before they are cut. */
export function isItemsSource(source: Source): source is ItemsSource {
  return 'items' in source;
}

/** @throws OptionError for anything that is neither an iterable, sync or async, nor a function. */
export function checkItems(items: unknown): asserts items is Items<unknown> {
  const rule = 'an array, a typed array or an iterable';
  refuseText('items', items);
  if (typeof items !== 'function') checkIterable('items', items, rule);
  else if (Object.prototype.toString.call(items) === '[object AsyncFunction]') {
    throw new OptionError(
      `Expected "items" to be ${rule}, got an async function: await what it gives first`,
      'items',
    );
  }
}

/**
 * Cuts items into chunks. An array or typed array has about 1024 of them, of 1 to 16,384 items. Any other iterable is
 * pulled lazily, and its chunks grow with the position, from 1 to 256 items. `chunkSize` overrides both.
 *
 * Returning the iterator of the chunks early returns the user's iterator; an error of its own passes through as it is.
 *
 * @throws SourceError for a one-shot iterator or stream that was cut before.
 */
export function cutItems(
  given: Items<unknown>,
  { chunkSize, unit }: ChunkOptions,
  encodeItems: EncodeItems,
): Cut {
  const items: Uncounted = typeof given === 'function' ? heldItems(given()) : given;
  if (typeof given === 'function') {
    refuseText('items()', items);
    checkIterable('items()', items, 'an iterable or an async iterable');
  }
  expectErrors(items);
  const toChunk = (part: Counted, first: number): ItemsChunk => {
    if (isFewPrimitives(part)) return { kind: 'items', items: part, first, bytes: bytesOf(part) };
    const encoded = encodeItems(part, 'input', first);
    return { kind: 'items', items: encoded, first, bytes: encoded.length };
  };
  if (isCounted(items)) {
    const { length } = items;
    const size = chunkSize ?? inUnits(Math.min(MAX_COUNTED, Math.max(1, Math.ceil(length / 1024))), unit);
    const chunks = { [Symbol.iterator]: () => cutChunks(items, length, size, toChunk) };
    return { chunks, count: Math.ceil(length / size), bytes: length * ITEM_BYTES, chunkRecords: size };
  }
  const sizeOf = (chunk: number): number =>
    chunkSize ?? inUnits(Math.min(MAX_UNCOUNTED, 2 ** Math.min(30, Math.floor(chunk / 32))), unit);
  const unknown = { count: undefined, bytes: undefined, chunkRecords: sizeOf(0) };
  if (!isAsync(items)) {
    if (isIterator(items)) consume(items);
    return { chunks: pullChunks(items, sizeOf, toChunk), ...unknown };
  }
  // A stream gives a new iterator each time, but what it holds only once.
  if (isStream(items)) {
    consume(items);
    checkStream(items);
  }
  // In one step with the call of the user's function: what it has made may be live.
  const iterator = items[Symbol.asyncIterator]();
  consume(iterator);
  const chunks = pullChunksAsync(iterator, sizeOf, toChunk);
  return { chunks, ...unknown, close: () => chunks.return() };
}

/** To encode them apart from the message takes ten times as long as to let it take them. */
function isFewPrimitives(part: unknown): part is readonly Primitive[] {
  if (!Array.isArray(part) || part.length > FEW_ITEMS) return false;
  // A message would fill what is not there.
  for (let i = 0; i < part.length; i += 1) if (!(i in part) || !isShortPrimitive(part[i])) return false;
  return true;
}

function isShortPrimitive(item: unknown): item is Primitive {
  switch (typeof item) {
    case 'string':
      return item.length <= SHORT_TEXT;
    case 'number':
    case 'boolean':
    case 'undefined':
      return true;
    default:
      return item === null;
  }
}

function bytesOf(part: readonly Primitive[]): number {
  return part.reduce<number>((sum, item) => sum + 8 + (typeof item === 'string' ? item.length : 0), 0);
}

function* cutChunks(
  items: Counted,
  length: number,
  size: number,
  toChunk: (part: Counted, first: number) => ItemsChunk,
): Generator<ItemsChunk, void, undefined> {
  for (let first = 0; first < length; first += size) {
    yield toChunk(slice(items, first, Math.min(length, first + size)), first);
  }
}

/** A copy of some items: a typed array of the same kind, or a plain array, whatever class of array it is cut from. */
function slice(items: Counted, from: number, to: number): Counted {
  // A Buffer's own `slice` is a view, which later writes of the caller would show through.
  if (ArrayBuffer.isView(items)) return Uint8Array.prototype.slice.call(items, from, to);
  if (Object.getPrototypeOf(items) === Array.prototype) return items.slice(from, to);
  return Array.from({ length: to - from }, (_, i) => items[from + i]);
}

/** A text is an iterable of characters, which nobody means. @throws OptionError */
function refuseText(name: string, items: unknown): void {
  if (typeof items !== 'string' && !(items instanceof String)) return;
  throw new OptionError(
    `Expected "${name}" to be an array or an iterable, got a string, whose characters would be the records: textLines(path) reads the ` +
      'lines of a file, from([...text]) takes the characters, from([text]) the text itself',
    name,
  );
}

function checkIterable(name: string, value: unknown, rule: string): void {
  const given = value as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  if (typeof given?.[Symbol.iterator] === 'function') return;
  if (typeof given?.[Symbol.asyncIterator] === 'function') return;
  if (typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function') {
    throw new OptionError(`Expected "${name}" to be ${rule}, got a promise: await it first`, name);
  }
  throw wrongArgument(name, rule, value);
}

function isCounted(items: unknown): items is Counted {
  // A DataView is no iterable, so it never comes this far.
  return Array.isArray(items) || ArrayBuffer.isView(items);
}
