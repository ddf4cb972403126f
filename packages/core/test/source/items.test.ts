import { EventEmitter, on } from 'node:events';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OptionError, SourceError } from '../../src/errors.js';
import type { ItemsChunk } from '../../src/source/items-chunk.js';
import { checkItems, cutItems, itemsSource, type EncodeItems, type Items } from '../../src/source/items.js';
import type { ChunkOptions } from '../../src/source/source.js';

interface Part {
  items: unknown;
  first: number;
}

// The codec has its own tests: here the items of a chunk are looked at as they are.
const encode = ((items: unknown) => items) as unknown as EncodeItems;

function cut(items: unknown, options: ChunkOptions = {}, code = encode) {
  return cutItems(items as Items<unknown>, options, code);
}

async function partsOf(items: unknown, options: ChunkOptions = {}): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { items: part, first } of cut(items, options).chunks as AsyncIterable<ItemsChunk>) {
    parts.push({ items: part, first });
  }
  return parts;
}

/** An iterator that notes what is asked of it. */
function spied(values: Iterable<unknown>, { isAsync = false, failAt = -1, error = new Error('mine') } = {}) {
  const iterator = values[Symbol.iterator]();
  const calls = { next: 0, return: 0 };
  const next = (): IteratorResult<unknown> => {
    if (calls.next++ === failAt) throw error;
    return iterator.next();
  };
  const giveBack = (): IteratorResult<unknown> => {
    calls.return += 1;
    return { done: true, value: undefined };
  };
  const iterable = isAsync
    ? { [Symbol.asyncIterator]: () => ({ next: async () => next(), return: async () => giveBack() }) }
    : { [Symbol.iterator]: () => ({ next, return: giveBack }) };
  return { iterable, calls };
}

function* naturals(): Generator<number> {
  for (let n = 0; ; n += 1) yield n;
}

describe('items of known number', () => {
  it('come in order, once each, in chunks of chunkSize', async () => {
    const size = fc.integer({ min: 1, max: 50 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.anything(), { maxLength: 40 }), size, async (items, chunkSize) => {
        const parts = await partsOf(items, { chunkSize });
        expect(parts.flatMap((part) => part.items)).toEqual(items);
        parts.forEach(({ first }, i) => expect(first).toBe(i * chunkSize));
        expect(cut(items, { chunkSize }).count).toBe(parts.length);
      }),
    );
  });

  it.each([
    [0, 0, 1],
    [1, 1, 1],
    [1024, 1024, 1],
    [1025, 513, 2],
    [1_000_000, 1024, 977],
    [20_000_000, 1221, 16_384],
  ])('are cut by their number alone: %d items into %d chunks of %d', (length, count, size) => {
    const { chunks, count: actual } = cut(new Uint8Array(length));
    expect(actual).toBe(count);
    const [first] = chunks as Iterable<ItemsChunk>;
    expect(first?.items.length ?? size).toBe(size);
  });

  it.each([
    new Uint8Array([1, 2, 3]),
    new Float64Array([1.5, -0, NaN]),
    new BigInt64Array([1n, -2n, 3n]),
    Buffer.from('abc'),
    new Uint16Array(new Uint16Array([9, 1, 2, 3]).buffer, 2),
  ])('stay a typed array, with memory of their own: %p', async (items) => {
    const [head, tail] = await partsOf(items, { chunkSize: 2 });
    expect(head!.items).toBeInstanceOf(items.constructor);
    expect(head!.items).toEqual(items.subarray(0, 2));
    expect(tail!.items).toEqual(items.subarray(2));
    expect((head!.items as typeof items).buffer).not.toBe(items.buffer);
  });

  it('are a plain array whatever class of array they come from', async () => {
    class Odd extends Array<number> {
      constructor(...numbers: number[]) {
        super();
        this.push(...numbers);
      }
    }
    const [head, tail] = await partsOf(new Odd(5, 6, 7), { chunkSize: 2 });
    expect(Object.getPrototypeOf(head!.items)).toBe(Array.prototype);
    expect([head!.items, tail!.items]).toEqual([[5, 6], [7]]);
  });

  it('may be cut again and again', async () => {
    const { chunks } = cut([1, 2, 3], { chunkSize: 2 });
    expect(Array.from(chunks as Iterable<ItemsChunk>)).toEqual(Array.from(chunks as Iterable<ItemsChunk>));
  });
});

describe('a chunk of a few primitives', () => {
  const packed = new Uint8Array(1);
  const isAsItIs = (items: unknown): boolean => {
    const [chunk] = [...(cut(items, { chunkSize: 100 }, () => packed).chunks as Iterable<ItemsChunk>)];
    return chunk!.items !== packed;
  };

  it('travels as it is, and any other is packed', () => {
    const plain = [1, -0, NaN, 'text', true, null, undefined];
    expect(isAsItIs(plain)).toBe(true);
    expect(isAsItIs(new Set(plain))).toBe(true);
    const others = [{}, [1], 1n, Symbol('s'), () => 1, new Date(0), 'x'.repeat(257)];
    for (const other of others) expect(isAsItIs([1, other])).toBe(false);
    expect(isAsItIs(new Float64Array(2))).toBe(false);
    expect(isAsItIs(new Array<number>(2))).toBe(false);
    expect(isAsItIs(Array.from({ length: 17 }, () => 1))).toBe(false);
  });
});

describe('items of unknown number', () => {
  it.each([
    [
      'a generator',
      () =>
        (function* () {
          yield* [1, 2, 3];
        })(),
      [1, 2, 3],
    ],
    ['a set', () => new Set([1, 2, 3]), [1, 2, 3]],
    ['a map', () => new Map([[1, 'a']]), [[1, 'a']]],
    ['a string', () => 'a😀', ['a', '😀']],
    [
      'an async generator',
      () =>
        (async function* () {
          yield* [1, 2, 3];
        })(),
      [1, 2, 3],
    ],
    ['a Node stream', () => Readable.from([1, 2, 3]), [1, 2, 3]],
    ['a web stream', () => ReadableStream.from([1, 2, 3]), [1, 2, 3]],
    ['a function', () => () => new Set([1, 2, 3]), [1, 2, 3]],
    [
      'a generator function',
      () =>
        async function* () {
          yield* [1, 2, 3];
        },
      [1, 2, 3],
    ],
    ['nothing', () => new Set(), []],
  ])('come from %s', async (_, make, expected) => {
    for (const chunkSize of [undefined, 1, 2, 3, 4]) {
      const parts = await partsOf(make(), { chunkSize });
      expect(parts.flatMap(({ items }) => items)).toEqual(expected);
      expect(parts.length).toBe(Math.ceil(expected.length / (chunkSize ?? 1)));
    }
  });

  it.each([false, true])('come in chunks that grow with the position alone (async: %s)', async (isAsync) => {
    const { iterable } = spied(
      Array.from({ length: 5000 }, (_, i) => i),
      { isAsync },
    );
    const parts = await partsOf(iterable);
    expect(parts.flatMap(({ items }) => items)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    let first = 0;
    parts.slice(0, -1).forEach((part, i) => {
      expect(part.first).toBe(first);
      expect((part.items as unknown[]).length).toBe(Math.min(256, 2 ** Math.floor(i / 32)));
      first += (part.items as unknown[]).length;
    });
  });

  it.each([false, true])('are pulled a chunk at a time (async: %s)', async (isAsync) => {
    const { iterable, calls } = spied(naturals(), { isAsync });
    const { chunks, count, bytes } = cut(iterable, { chunkSize: 3 });
    expect({ count, bytes, calls }).toEqual({
      count: undefined,
      bytes: undefined,
      calls: { next: 0, return: 0 },
    });
    for await (const chunk of chunks as AsyncIterable<ItemsChunk>) {
      expect(calls.next).toBe(chunk.first + 3);
      if (chunk.first === 6) break;
    }
    expect(calls).toEqual({ next: 9, return: 1 });
  });

  it('are listened to from the step in which a function makes them', async () => {
    const parts = partsOf(() => {
      const emitter = new EventEmitter();
      const items = { [Symbol.asyncIterator]: () => on(emitter, 'item', { close: ['end'] }) };
      queueMicrotask(() => {
        for (const n of [1, 2, 3]) emitter.emit('item', n);
        emitter.emit('end');
      });
      return items;
    });
    expect((await parts).flatMap(({ items }) => items)).toEqual([[1], [2], [3]]);
  });

  it('are returned by close, once, unless they have ended', async () => {
    const calls = { return: 0 };
    const make = (length: number) => (): AsyncIterable<number> => ({
      [Symbol.asyncIterator]: () => ({
        next: async () =>
          Promise.resolve(length-- > 0 ? { done: false, value: 1 } : { done: true, value: 0 }),
        return: async () => Promise.resolve({ done: true, value: (calls.return += 1) }),
      }),
    });
    const { close } = cut(make(3));
    await close!();
    await close!();
    expect(calls.return).toBe(1);
    const ended = cut(make(3));
    for await (const _ of ended.chunks as AsyncIterable<unknown>);
    await ended.close!();
    expect(calls.return).toBe(1);
  });

  it.each([false, true])('are not returned at the end (async: %s)', async (isAsync) => {
    const { iterable, calls } = spied([1, 2, 3], { isAsync });
    expect(await partsOf(iterable, { chunkSize: 2 })).toHaveLength(2);
    expect(calls).toEqual({ next: 4, return: 0 });
  });

  it.each([
    [false, 0],
    [false, 3],
    [false, 5],
    [true, 0],
    [true, 3],
    [true, 5],
  ])(
    'whose iterator throws pass that very error on, and do not return it (async: %s, at %d)',
    async (isAsync, failAt) => {
      const error = new Error('mine');
      const { iterable, calls } = spied([1, 2, 3, 4, 5], { isAsync, failAt, error });
      await expect(partsOf(iterable, { chunkSize: 2 })).rejects.toBe(error);
      expect(calls).toEqual({ next: failAt + 1, return: 0 });
    },
  );

  it.each([false, true])('that cannot be encoded return the iterator (async: %s)', async (isAsync) => {
    const error = new Error('no value');
    const refuse: EncodeItems = () => {
      throw error;
    };
    const { iterable, calls } = spied([() => 1, () => 2], { isAsync });
    const pull = async (): Promise<void> => {
      for await (const _ of cut(iterable, {}, refuse).chunks as AsyncIterable<unknown>);
    };
    await expect(pull()).rejects.toBe(error);
    expect(calls).toEqual({ next: 1, return: 1 });
  });

  it('of a source that waits are given up at once', async () => {
    let returned = 0;
    let answer = (_: IteratorResult<number>): void => undefined;
    const waiting = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>((resolve) => (answer = resolve)),
        return: async () => ({ done: true as const, value: (returned += 1) }),
      }),
    };
    const chunks = cut(waiting, { chunkSize: 5 }).chunks as AsyncIterable<ItemsChunk>;
    const iterator = chunks[Symbol.asyncIterator]();
    const pending = iterator.next();
    await iterator.return!();
    expect(returned).toBe(1);
    answer({ done: false, value: 1 });
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('destroy a stream that is left early', async () => {
    const stream = Readable.from(naturals());
    for await (const _ of cut(stream, { chunkSize: 2 }).chunks as AsyncIterable<unknown>) break;
    expect(stream.destroyed).toBe(true);
  });

  it.each([
    [
      'a generator',
      () =>
        (function* () {
          yield 1;
        })(),
    ],
    [
      'an async generator',
      () =>
        (async function* () {
          yield 1;
        })(),
    ],
    ['a Node stream', () => Readable.from([1])],
    ['a web stream', () => ReadableStream.from([1])],
    ['an iterator of a map', () => new Map([[1, 1]]).values()],
  ])('of %s are refused the second time, not silently empty', async (_, make) => {
    const items = make();
    expect(await partsOf(items)).toHaveLength(1);
    expect(() => cut(items)).toThrow(SourceError);
    expect(() => cut(items)).toThrow('already consumed');
  });
});

describe('a source of items', () => {
  it('knows their number where it takes no reading', () => {
    const { iterable, calls } = spied([1, 2, 3]);
    const counts = [[1, 2, 3], new Float64Array(5), iterable, () => [1, 2]].map((given) =>
      itemsSource(given as Items<unknown>).count?.(),
    );
    expect(counts).toEqual([3, 5, undefined, undefined]);
    expect(calls).toEqual({ next: 0, return: 0 });
  });
});

describe('what items may be', () => {
  it.each([
    [5, '5 (number)'],
    [null, 'got null'],
    [undefined, 'got undefined'],
    [{ a: 1 }, '{ a: 1 } (object)'],
    [{ length: 1, 0: 1 }, '(object)'],
    [Promise.resolve([1]), 'got a promise: await it first'],
    [async () => Promise.resolve([1]), 'got an async function: await what it gives first'],
    [new DataView(new ArrayBuffer(1)), '(object)'],
    [new ArrayBuffer(1), '(object)'],
  ])('is not %p', (items, got) => {
    expect(() => checkItems(items)).toThrow(OptionError);
    expect(() => checkItems(items)).toThrow(
      'Expected "items" to be an array, a typed array or an iterable, got ',
    );
    expect(() => checkItems(items)).toThrow(got);
  });

  it('is checked for what a function gives, too', () => {
    expect(() => cut(() => 5)).toThrow(
      'Expected "items()" to be an iterable or an async iterable, got 5 (number)',
    );
    expect(() => cut(() => Promise.resolve([1]))).toThrow('got a promise: await it first');
  });
});
