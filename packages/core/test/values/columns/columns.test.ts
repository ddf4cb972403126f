import { types } from 'node:util';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TextColumn } from '../../../src/values/columns/text-column.js';
import { toColumn } from '../../../src/values/columns/to-columns.js';
import { decode, encode, encodeFields, encodePairs } from '../../../src/values/codec.js';
import { tryOr } from '../../../src/values/try-or.js';
import { anyCharacter } from '../any-character.js';
import { expectSame } from '../expect-same.js';
import { hostile } from '../hostile.js';

const COUNT = 80;

// eslint-disable-next-line prefer-rest-params
const argumentsOf = function (..._: unknown[]): IArguments { return arguments; }; // prettier-ignore

// After values that turned out late to be no columns, some are not tried.
beforeEach(() => {
  for (let i = 0; i < 40; i += 1) toColumn(listOf((n) => n));
});

function listOf<T>(make: (i: number) => T): T[] {
  return Array.from({ length: COUNT }, (_, i) => make(i));
}

/** A list with one value of another kind in it: far behind, so that it does not show in the first values. */
function listBut(one: unknown, make: (i: number) => unknown = (i) => ({ a: i, b: 'text' })): unknown[] {
  const list = listOf<unknown>(make);
  list[61] = one;
  return list;
}

type Outcome = { readonly value: unknown } | { readonly error: string };

/** What comes out on the other side, or the message of the refusal. A list that is not at the top is left to V8. */
function outcomes(list: unknown): [asColumns: Outcome, byV8: Outcome] {
  const failed = (error: unknown): Outcome => ({ error: (error as Error).message });
  return [
    tryOr(() => ({ value: decode(encode(list, 'result.list')) }), failed),
    tryOr(() => ({ value: (decode(encode({ list }, 'result')) as { list: unknown }).list }), failed),
  ];
}

function expectAsByV8(list: unknown): void {
  const [asColumns, byV8] = outcomes(list);
  expectSame(asColumns, byV8);
  expect(meetings(asColumns)).toEqual(meetings(byV8));
}

/** For each object in a value, in order, the number of its first meeting. */
function meetings(value: unknown, seen = new Map<unknown, number>()): number[] {
  if (typeof value !== 'object' || value === null) return [];
  const known = seen.get(value);
  if (known !== undefined) return [known];
  seen.set(value, seen.size);
  const parts = value instanceof Map ? [...value] : Object.values(value);
  return [seen.size, ...parts.flatMap((part) => meetings(part, seen))];
}

describe('a list of alike values', () => {
  it.each<[string, unknown[], string]>([
    ['integers', listOf((i) => i - 40), 'numbers'],
    ['integers of exactly one byte', [-100, 155, ...listOf((i) => i)], 'numbers'],
    ['integers of two bytes', [-100, 156, ...listOf((i) => i)], 'numbers'],
    ['integers of exactly two bytes', [-30_000, 35_535, ...listOf((i) => i)], 'numbers'],
    ['integers of four bytes', [-30_000, 35_536, ...listOf((i) => i)], 'numbers'],
    ['the least and the most of 32 bits', [-(2 ** 31), 2 ** 31 - 1, ...listOf((i) => i)], 'numbers'],
    ['integers about the least of 32 bits', listOf((i) => i - 2 ** 31), 'numbers'],
    [
      'numbers',
      [0, -0, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 1e-320, ...listOf((i) => i / 3)],
      'numbers',
    ],
    ['integers and one -0', listBut(-0, (i) => i), 'numbers'],
    ['integers and one beyond 32 bits', listBut(2 ** 31, (i) => i), 'numbers'],
    ['texts', listOf((i) => 'é二\ud83d\ude00'.repeat(i % 9)), 'texts'],
    ['texts of each length', listOf((i) => '1234567890abcdefgh'.slice(0, i % 18)), 'texts'],
    ['lone surrogates that would pair up', listOf((i) => (i % 2 ? '\udc00x' : 'x\ud800')), 'texts'],
    ['booleans', listOf((i) => i % 2 === 0), 'constants'],
    ['nothing but null and undefined', listOf((i) => (i % 2 ? null : undefined)), 'constants'],
    ['numbers with gaps', listOf((i) => [i, null, undefined, -0][i % 4]), 'mixed'],
    ['texts with gaps', listOf((i) => (i % 2 ? null : 'text')), 'mixed'],
    ['big integers', listOf((i) => 2n ** BigInt(i)), 'primitives'],
    ['primitives of all kinds', listOf((i) => [1, 'a', null, 5n, true][i % 5]), 'mixed'],
    ['dates, also invalid ones', listOf((i) => new Date(i % 3 ? i * 1e10 : NaN)), 'dates'],
    ['dates with gaps', listOf((i) => (i % 3 ? new Date(i) : null)), 'mixed'],
    ['pairs', listOf((i) => ['word', i]), 'tuples'],
    ['arrays of one length', listOf((i) => [i, 'a', null]), 'tuples'],
    [
      'arrays of many lengths',
      listOf((i) => Array.from({ length: (i * 7) % 100 }, (_, k) => k / 2)),
      'lists',
    ],
    ['long arrays of one length', listOf((i) => Array.from({ length: 200 }, (_, k) => k * i)), 'lists'],
    ['empty arrays', listOf(() => []), 'lists'],
    ['records', listOf((i) => ({ id: i, name: `n${i}`, tags: ['a', 'b'], n: i / 3 })), 'records'],
    ['records in records', listOf((i) => ({ a: { b: { c: i }, d: [[i], []] }, at: new Date(i) })), 'records'],
    [
      'records of more names than places',
      listOf((i) => Object.fromEntries(listOf((k) => [`n${k}`, i * k]))),
      'records',
    ],
    ['records without names', listOf(() => ({})), 'records'],
    [
      'records with gaps',
      listOf((i) => ({ a: i % 2 ? null : i, b: i % 3 ? { c: 1 } : undefined })),
      'records',
    ],
    ['frozen records', listOf((i) => Object.freeze({ a: i, b: Object.freeze([i]) })), 'records'],
    [
      'names that objects inherit',
      listOf((i) => ({ constructor: i, toString: 't', valueOf: null })),
      'records',
    ],
    [
      'names that are no names in code',
      listOf((i) => ({ '': i, 'a,b': 1, '-1': 2, '1e3': 3, a: 4 })),
      'records',
    ],
    ['optional names', listOf((i) => (i % 3 ? { a: i, b: 'x' } : { a: i })), 'shapes'],
    ['names in another order', listBut({ b: 'text', a: 1 }), 'shapes'],
    ['hidden properties', listOf((i) => Object.defineProperty({ a: i }, 'b', { value: () => 1 })), 'records'],
  ])('of %s travels as a column', (_, list, kind) => {
    expect(toColumn(list)?.kind).toBe(kind);
    expectAsByV8(list);
    expectSame(decode(encode(list, 'result')), list);
    const inField = decode(encodeFields({ list, words: new Int32Array([1]) })!);
    expectSame(inField, { list, words: new Int32Array([1]) });
  });

  it('keeps no text of its block alive but itself', () => {
    // V8 makes copies of parts of up to 12 units, and views of longer ones.
    const texts = listOf((i) => '1234567890abcdef'.slice(0, i % 16));
    const column = toColumn(texts) as TextColumn;
    expect(column.joined).toBe(texts.filter((text) => text.length < 13).join(''));
    expect(column.long).toEqual(texts.filter((text) => text.length >= 13));
  });

  it('gives records in which every property is its own, whatever Object.prototype has', () => {
    const list = listOf((i) => ({ a: i, taken: 'x' }));
    const bytes = encode(list, 'result');
    const property = { set: () => expect(true).toBe(false), get: () => 'taken', configurable: true };
    Object.defineProperty(Object.prototype, 'taken', property);
    try {
      const [first] = decode(bytes) as object[];
      expect(Object.getOwnPropertyDescriptors(first)).toEqual(Object.getOwnPropertyDescriptors(list[0]));
    } finally {
      delete (Object.prototype as { taken?: unknown }).taken;
    }
  });
});

describe('a list that is nearly alike', () => {
  class Point {
    a = 1;
    b = 2;
  }
  class Row extends Array<unknown> {}
  const shared = { a: 1, b: 'text' };
  const cyclic: { a: number; b: unknown } = { a: 1, b: 'text' };
  cyclic.b = cyclic;
  const named = Object.assign([1, 'text'], { index: 5 });
  const sparse = [1];
  sparse[3] = 2;
  // eslint-disable-next-line no-sparse-arrays
  const holeAndName = Object.assign([, 1], { index: 5 });
  const pair = (i: number): unknown => [i, 'text'];
  const long = Array.from({ length: 100 }, (_, i) => i);
  const longs = (i: number): unknown => long.map((n) => n * i);
  const longWithHole = long.slice(0, 50);
  longWithHole[99] = 99;

  it.each<[string, unknown[]]>([
    ['an instance', listBut(new Point())],
    ['no prototype', listBut(Object.assign(Object.create(null) as object, { a: 1, b: 'text' }))],
    ['a prototype of its own', listBut(Object.create({ a: 1, b: 'text' }))],
    ['another realm', listBut(runInNewContext('({ a: 1, b: "text" })'))],
    ['a symbol as a key', listBut({ a: 1, b: 'text', [Symbol('s')]: 1 })],
    ['a hidden symbol', listBut(Object.defineProperty({ a: 1, b: 'x' }, Symbol('s'), { value: 1 }))],
    ['__proto__ as a key', listBut(JSON.parse('{"__proto__": 1, "b": "text"}'))],
    ['__proto__ as the key of all', listOf((i) => JSON.parse(`{"__proto__": ${i}}`) as unknown)],
    ['indices as keys', listOf((i) => ({ 1: i, 0: 'a', b: 2 }))],
    ['a proxy', listBut(new Proxy({ a: 1, b: 'text' }, {}))],
    ['the proxy of an array', listBut(new Proxy([1, 'text'], {}), pair)],
    ['the proxy of a date', listBut(new Proxy(new Date(5), {}), (i) => new Date(i))],
    ['a function', listBut({ a: 1, b: () => 1 })],
    ['a symbol', listBut({ a: Symbol('s'), b: 'text' })],
    ['a symbol among numbers', listBut(Symbol('s'), (i) => i)],
    [
      'a function among nothing',
      listBut(
        () => 1,
        () => null,
      ),
    ],
    ['an array among records', listBut([1, 'text'])],
    ['a date among records', listBut(new Date(5))],
    ['a text among records', listBut('text')],
    ['a map in a record', listBut({ a: new Map([[1, 2]]), b: 'text' })],
    ['an error in a record', listBut({ a: new RangeError('no'), b: 'text' })],
    ['bytes in a record', listBut({ a: new Uint8Array(3), b: 'text' })],
    ['a regular expression', listBut(/a/g)],
    ['arguments', listOf((i) => argumentsOf(i, 'text'))],
    ['names on an array', listBut(named, pair)],
    ['a match', listBut(/(?<w>b)/.exec('ab'), pair)],
    ['a hole', listBut(sparse, pair)],
    ['a hole and a name', listBut(holeAndName, pair)],
    ['a hole in a long array', listBut(longWithHole, longs)],
    ['a name on a long array', listBut(Object.assign([...long], { extra: 1 }), longs)],
    ['a symbol on an array', listBut(Object.assign([1, 'a'], { [Symbol('s')]: 1 }), pair)],
    ['a class of arrays', listBut(Row.from<unknown>([1, 'text']), pair)],
    ['an array without a prototype', listBut(Object.setPrototypeOf([1, 'text'], null), pair)],
    [
      'a hole in itself',
      Object.assign(
        listOf((i) => i),
        { length: 200 },
      ),
    ],
    [
      'a name on itself',
      Object.assign(
        listOf((i) => i),
        { extra: 1 },
      ),
    ],
    [
      'a symbol on itself',
      Object.assign(
        listOf((i) => i),
        { [Symbol('s')]: 1 },
      ),
    ],
    [
      'a class of its own',
      Object.setPrototypeOf(
        listOf((i) => i),
        Row.prototype,
      ) as unknown[],
    ],
    [
      'a proxy around it',
      new Proxy(
        listOf((i) => i),
        {},
      ),
    ],
    ['a property on a date', listBut(Object.assign(new Date(5), { zone: 1 }), (i) => new Date(i))],
    ['what only looks like a date', listBut(Object.create(Date.prototype), (i) => new Date(i))],
    ['a record met twice', [...listOf((i) => ({ a: -i, b: 'text' })), shared, shared]],
    ['a part that all share', listOf((i) => ({ a: i, b: shared }))],
    [
      'a part met twice',
      [{ a: 1, b: shared }, ...listOf((i) => ({ a: i, b: { a: i, b: 'x' } })), { a: 9, b: shared }],
    ],
    ['a record as a part of another', listOf((i) => i).reduce<{ a: number; b: unknown }[]>((all, i) => [...all, { a: i, b: i > 70 ? all[3] : null }], [])], // prettier-ignore
    ['an array met twice', listOf((i) => [i, i % 50 ? [i] : named])],
    ['a date met twice', [new Date(3), ...listOf((i) => new Date(i))].map((at, i, all) => (i === 70 ? all[0] : at))], // prettier-ignore
    ['a record that holds itself', listBut(cyclic)],
    ['as many shapes as records', listOf((i) => ({ [`n${i}`]: i }))],
    ['a map without its prototype', listOf(() => Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype) as unknown)], // prettier-ignore
    ['promises', listOf(() => Promise.resolve(1))],
    ['values nested deeply', listOf((i) => [[[[[[[[[[[[[[[[[[[[[i]]]]]]]]]]]]]]]]]]]]])],
  ])('with %s stays what it is', (_, list) => {
    expectAsByV8(list);
    // Seen with the first one already, and last.
    expectAsByV8([...list].reverse());
    expectAsByV8([list[61], ...list]);
  });

  it('that holds itself stays a cycle', () => {
    const list: unknown[] = listOf((i) => ({ a: i, b: [i] }));
    list[70] = { a: 70, b: list };
    expectAsByV8(list);
  });

  it('with a hostile value comes out as it would without columns', () => {
    // An error is refused by its class alone, and an endless chain of causes takes long to copy.
    for (const value of hostile().filter((value) => !types.isNativeError(value))) {
      for (const list of [listBut(value), listBut({ a: value, b: 'text' }), listOf(() => value)]) {
        expectAsByV8(list);
      }
    }
  });

  it('is right again and again: it is not tried every time', () => {
    for (let i = 0; i < 100; i += 1) {
      expectAsByV8(listBut({ a: new Map(), b: 'text' }));
      if (i % 10 === 0) expectAsByV8(listOf((n) => ({ a: n })));
    }
  });

  it('is refused with the place of the culprit', () => {
    const list = listBut({ a: 1, b: { handler: () => 1 } });
    expect(() => encode(list, 'result', 1000)).toThrow(/^result\[1061\]\.b\.handler is a function: return/);
    expect(() => encode(listBut(new Proxy({ a: 1, b: 'text' }, {})), 'result')).toThrow(
      /^result\[61\] is a Proxy/,
    );
  });

  it('calls a getter no more often than without columns', () => {
    const calls = (list: (count: () => number) => unknown): number => {
      let count = 0;
      encode(
        list(() => ++count),
        'result',
      );
      return count;
    };
    const records = (count: () => number): unknown[] => listOf(() => ({ get a() { return count(); } })); // prettier-ignore
    expect(calls(records)).toBe(calls((count) => ({ list: records(count) })));
  });

  it('takes what Object.prototype has for no property', () => {
    Object.defineProperty(Object.prototype, 'b', { value: 'text', enumerable: true, configurable: true });
    try {
      const [first, , third] = decode(encode([{ a: 1, b: 'x' }, { a: 2, b: 'x' }, ...listOf((a) => ({ a }))], 'result')) as object[]; // prettier-ignore
      expect([Object.hasOwn(first!, 'b'), Object.hasOwn(third!, 'b')]).toEqual([true, false]);
    } finally {
      delete (Object.prototype as { b?: unknown }).b;
    }
  });
});

describe('columns', () => {
  /** An arbitrary of values of one shape, for an arbitrary shape. */
  const shapes = fc.letrec<{ shape: fc.Arbitrary<unknown> }>((tie) => ({
    shape: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<fc.Arbitrary<unknown>>(
        fc.integer(),
        fc.double(),
        fc.string({ unit: anyCharacter, maxLength: 20 }),
        fc.boolean(),
        fc.constantFrom(null, undefined),
        fc.bigInt(),
        fc.date({ noInvalidDate: false }),
        fc.anything(),
        fc.oneof(fc.integer(), fc.string()),
      ),
      tie('shape').map((of) => fc.array(of, { maxLength: 4 })),
      tie('shape').map((of) => fc.option(of)),
      fc.array(tie('shape'), { minLength: 1, maxLength: 3 }).map((of) => fc.tuple(...of)),
      fc
        .dictionary(fc.string({ unit: anyCharacter, maxLength: 3 }), tie('shape'), {
          maxKeys: 4,
          noNullPrototype: true,
        })
        .chain((of) => fc.record({ required: fc.subarray(Object.keys(of)), of: fc.constant(of) }))
        .map(({ of, required }) => fc.record(of, { requiredKeys: required, noNullPrototype: true })),
    ),
  })).shape;
  const lists = shapes.chain((of) => fc.array(of, { minLength: 64, maxLength: 70, size: 'max' }));

  it('give what V8 alone would give (property)', () => {
    let tried = 0;
    fc.assert(
      fc.property(lists, (list) => {
        if (toColumn(list) !== undefined) tried += 1;
        expectAsByV8(list);
      }),
      { numRuns: 150 },
    );
    expect(tried).toBeGreaterThan(30);
  });

  it('give what V8 alone would give, where values are taken from one place and put in another (property)', () => {
    const places = fc.nat(1000);
    fc.assert(
      fc.property(lists, places, places, fc.anything(), (list, from, to, other) => {
        const moved: unknown[] = [...list];
        moved[to % moved.length] = moved[from % moved.length];
        expectAsByV8(moved);
        moved[to % moved.length] = other;
        expectAsByV8(moved);
      }),
      { numRuns: 60 },
    );
  });

  it('are read at any offset, and not changed by later writes', () => {
    const list = listOf((i) => ({ a: i / 3, b: i, c: new Date(i), d: `text ${i}` }));
    const bytes = encode(list, 'result');
    for (let offset = 0; offset < 9; offset += 1) {
      const padded = new Uint8Array(bytes.length + 20);
      padded.set(bytes, offset);
      const copy = decode(padded.subarray(offset, offset + bytes.length));
      padded.fill(0);
      expectSame(copy, list);
    }
  });
});

describe('encodePairs', () => {
  it.each<[string, (i: number) => [unknown, unknown]]>([
    ['primitives', (i) => [`key ${i}`, -0]],
    ['records as values', (i) => [`key ${i}`, { sum: i, seen: new Date(i) }]],
    ['groups', (i) => [i, Array.from({ length: i }, () => `v${i}`)]],
    ['mixed keys', (i) => [[undefined, null, 2n ** 70n, '\ud800'][i % 4], true]],
  ])('keeps pairs of %s', (_, pair) => {
    expectSame(decode(encodePairs(listOf(pair))!), listOf(pair));
  });

  it.each([() => 1, Symbol('s'), new Map(), new Error('no')])('leaves others to encode', (other) => {
    for (const pair of [
      ['a', other],
      [other, 'a'],
    ] as [unknown, unknown][]) {
      expect(encodePairs(listBut(pair, (i) => [i, i]) as [unknown, unknown][])).toBeUndefined();
      expect(encodePairs(listOf(() => pair))).toBeUndefined();
    }
  });

  it('leaves what two pairs share to encode', () => {
    const shared = [1];
    expect(encodePairs(listOf((i) => [i, shared]))).toBeUndefined();
    expect(
      encodePairs([...listOf<[unknown, unknown]>((i) => [i, [i]]), [1, shared], [shared, 2]]),
    ).toBeUndefined();
  });
});

describe('encodeFields', () => {
  it('leaves what two lists share to encode', () => {
    const shared = { a: 1 };
    const records = (last: object): object[] => [...listOf((i) => ({ a: -i })), last];
    expect(encodeFields({ left: records(shared), right: records({ a: 1 }) })).toBeDefined();
    expect(encodeFields({ left: records(shared), right: records(shared) })).toBeUndefined();
  });
});
