import { Buffer } from 'node:buffer';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decode, encode, encodeList } from '../../src/values/codec.js';
import { anyCharacter } from './any-character.js';
import { expectSame } from './expect-same.js';

function roundTrip<T>(value: T): T {
  return decode(encode(value, 'result')) as T;
}

describe('encode and decode', () => {
  it.each<[string, unknown]>([
    ['primitives', [0, -0, NaN, Infinity, -Infinity, '', 'é', true, null, undefined, 0n, -(2n ** 200n)]],
    ['lone surrogates', ['\ud800', 'a\udfff', { '\udc00': 1 }]],
    ['Date, also an invalid one', [new Date(0), new Date(NaN)]],
    ['RegExp', /a.b/giu],
    ['Map and Set, nested', new Map<unknown, unknown>([[{ a: 1 }, new Set([NaN, new Map([[1n, -0]])])]])],
    ['sparse arrays', [, 1, , undefined, ,]], // eslint-disable-line no-sparse-arrays
    ['boxed primitives', [Object(1), Object('text'), Object(false), Object(5n)]],
    ['ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
    ['__proto__ as a key', JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')],
    ['empty containers', [[], {}, new Map(), new Set()]],
  ])('keep %s', (_, value) => {
    expectSame(roundTrip(value), value);
    // The way of values with errors is another one.
    const withError = roundTrip<unknown[]>([new Error('beside'), value]);
    expectSame(withError[1], value);
  });

  it('keep the class and bytes of every typed array, in a buffer of its own', () => {
    const backing = new Uint8Array(64).map((_, i) => i).buffer;
    const classes = [
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
    ];
    const more = [Float32Array, Float64Array, BigInt64Array, BigUint64Array];
    for (const View of [...classes, ...more]) {
      const [, copy] = roundTrip([1, new View(backing, 8, 3)]) as [number, Uint8Array];
      expect(Object.prototype.toString.call(copy)).toBe(`[object ${View.name}]`);
      expect(Array.from(copy)).toEqual(Array.from(new View(backing, 8, 3) as unknown as Uint8Array));
      expect(copy.buffer.byteLength).toBe(copy.byteLength);
    }
    expect(roundTrip(new DataView(backing, 5, 2)).getUint16(0)).toBe(0x0506);
  });

  it('keep a Buffer a Buffer, without the pool it lies in', () => {
    const copy = roundTrip({ data: Buffer.from('héllo') }).data;
    expect(Buffer.isBuffer(copy)).toBe(true);
    expect(copy.toString()).toBe('héllo');
  });

  it('keep a huge sparse array, at the cost of its members', () => {
    const value: unknown[] = [];
    value[4e9] = 'far';
    const copy = roundTrip(value);
    expect(copy.length).toBe(value.length);
    expect(Object.keys(copy)).toEqual(['4000000000']);
  });

  it('keep the named properties of a regexp match', () => {
    const match = /(?<word>b)/d.exec('ab')!;
    const copy = roundTrip([match])[0]!;
    expect([...copy]).toEqual(['b', 'b']);
    expect(copy).toMatchObject({ index: 1, input: 'ab', groups: { word: 'b' } });
  });

  it('make an object without a prototype plain', () => {
    const value = Object.assign(Object.create(null) as object, { a: 1 });
    expectSame(roundTrip(value), { a: 1 });
  });

  it('take objects of another realm for plain', () => {
    const value = runInNewContext(
      '({ list: [1, { a: new Map([[1, new Set([2])]]) }], at: new Date(5), x: /x/ })',
    );
    expect(JSON.stringify(roundTrip(value))).toBe(JSON.stringify(value));
  });

  it('take accessors for their values', () => {
    expectSame(
      roundTrip({
        get answer() {
          return 42;
        },
      }),
      { answer: 42 },
    );
  });

  it('keep cycles and shared references', () => {
    const shared = { n: 1 };
    const value: Record<string, unknown> = { a: shared, b: [shared], map: new Map([[shared, shared]]) };
    value['self'] = value;
    for (const copy of [roundTrip(value), roundTrip([value, new Error('x')] as const)[0]]) {
      expect(copy['self']).toBe(copy);
      expect((copy['b'] as unknown[])[0]).toBe(copy['a']);
      expect((copy['map'] as Map<unknown, unknown>).get(copy['a'])).toBe(copy['a']);
    }
  });

  it('keep a tree whose nodes know their parents, in a time that is not exponential', () => {
    interface Node {
      parent: Node | undefined;
      children: Node[];
    }
    const grow = (parent: Node | undefined, depth: number): Node => {
      const node: Node = { parent, children: [] };
      if (depth > 0) node.children.push(grow(node, depth - 1), grow(node, depth - 1));
      return node;
    };
    const copy = roundTrip(grow(undefined, 8));
    expect(copy.children[1]!.children[0]!.parent).toBe(copy.children[1]);
  });

  it.each([
    ['objects', (inner: unknown) => ({ inner }), (outer: unknown) => (outer as { inner: unknown }).inner],
    ['arrays', (inner: unknown) => [inner], (outer: unknown) => (outer as unknown[])[0]],
    [
      'maps',
      (inner: unknown) => new Map([[1, inner]]),
      (outer: unknown) => (outer as Map<number, unknown>).get(1),
    ],
    ['sets', (inner: unknown) => new Set([inner]), (outer: unknown) => [...(outer as Set<unknown>)][0]],
  ])('keep %s nested 50,000 levels deep, where V8 alone runs out of stack', (_, wrap, unwrap) => {
    let value: unknown = 'core';
    for (let i = 0; i < 50_000; i += 1) value = wrap(value);
    let copy = roundTrip(value);
    for (let i = 0; i < 50_000; i += 1) copy = unwrap(copy);
    expect(copy).toBe('core');
  });

  it('keep a clique, which has short paths but which V8 walks in depth', () => {
    const nodes = Array.from({ length: 3000 }, () => ({ next: [] as unknown[] }));
    nodes.forEach((node, i) =>
      node.next.push(nodes[(i + 1) % 3000], nodes[(i * 7) % 3000], nodes[(i * 13) % 3000]),
    );
    const copy = roundTrip(nodes);
    expect(copy[2999]!.next[0]).toBe(copy[0]);
    expect(copy[10]!.next[1]).toBe(copy[70]);
  });

  it('keep more than a million references', () => {
    const value = Array<unknown>(1_000_100).fill({ a: 1 });
    expect(roundTrip(value)[1_000_000]).toEqual({ a: 1 });
  });

  it('give an exotic object without a prototype its own again', () => {
    const bare = <T extends object>(value: T): T => Object.setPrototypeOf(value, null) as T;
    for (const extra of [1, new Error('beside')]) {
      const value = [bare(new Map([[1, 2]])), bare([1]), bare(new Date(3)), extra];
      const [map, list, date] = roundTrip<unknown[]>(value) as [Map<number, number>, number[], Date];
      expect([map.get(1), list.length, date.getTime()]).toEqual([2, 1, 3]);
    }
  });

  it('decode a view at any offset', () => {
    const bytes = encode({ text: 'ž二', numbers: new Float64Array([0.1]), error: new Error('e') }, 'result');
    for (let offset = 0; offset < 9; offset += 1) {
      const padded = new Uint8Array(bytes.length + 20);
      padded.set(bytes, offset);
      const value = decode(padded.subarray(offset, offset + bytes.length)) as {
        text: string;
        numbers: Float64Array;
      };
      expect(value.text).toBe('ž二');
      expect(value.numbers[0]).toBe(0.1);
    }
  });

  it('give a value that later writes to the bytes do not change', () => {
    const bytes = encode([new Uint8Array([1, 2, 3]), Buffer.from('abc')], 'result');
    const [numbers, text] = decode(bytes) as [Uint8Array, Buffer];
    bytes.fill(0);
    expect([...numbers, text.toString()]).toEqual([1, 2, 3, 'abc']);
  });

  it('refuse damaged bytes with an error', () => {
    for (const bytes of [[], [0], [7], [0, 255, 15, 99], [1, 255, 15, 111]]) {
      expect(() => decode(new Uint8Array(bytes))).toThrow('message cannot be decoded');
    }
  });

  it('keep any value that structured data can hold (property)', () => {
    const options = { withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true };
    const anything = fc.anything({
      ...options,
      withSparseArray: true,
      stringUnit: anyCharacter,
      withBoxedValues: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expectSame(roundTrip(value), value);
        expectSame(roundTrip<unknown[]>([new Error('x'), value])[1], value);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a list of forkfold's own making", () => {
  it('comes back as it is, with the items that it misses, and whatever its items are', () => {
    const item = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constantFrom(null, undefined, -0));
    const property = (items: unknown[], repeated: number, missing: readonly number[]): void => {
      const list = Array.from({ length: repeated }, () => items).flat();
      for (const index of missing) if (index < list.length) Reflect.deleteProperty(list, index);
      expectSame(decode(encodeList(list, 'input')), list);
    };
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 9 }),
        fc.nat(40),
        fc.array(fc.nat(300), { maxLength: 3 }),
        property,
      ),
    );
  });

  it('is refused by the index of what cannot cross', () => {
    const list = Array.from({ length: 100 }, (_, i) => (i === 70 ? () => 1 : i));
    expect(() => encodeList(list, 'input', 1000)).toThrow('input[1070]');
  });

  it('keeps an object that is met twice one object', () => {
    const shared = { a: 1 };
    const list = decode(encodeList(Array.from({ length: 80 }, () => shared), 'input')) as object[]; // prettier-ignore
    expect(new Set(list).size).toBe(1);
  });
});
