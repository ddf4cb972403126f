import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { from, range } from '../../src/api/from.js';
import { nodeIn, type Dataset } from '../../src/api/dataset.js';
import { liveSources } from '../../src/api/live-sources.js';
import type { Node } from '../../src/plan/node.js';
import type { Op } from '../../src/plan/verbs.js';
import { shortSides } from '../../src/run/short-sides.js';
import { sideTable } from '../../src/shuffle/keys/side-table.js';
import { findKey, oddKey } from '../shuffle/odd-keys.js';

type Pairs = Dataset<readonly [unknown, unknown]>;

const list: [unknown, unknown][] = [
  ['a', 1],
  ['b', 2],
  ['a', 3],
];
const unique = list.slice(0, 2);
const big = range(50).map((n) => [`k${n}`, n] as [unknown, unknown]);
const joins = {
  join: (left: Pairs, right: Pairs) => left.join(right),
  leftJoin: (left: Pairs, right: Pairs) => left.leftJoin(right),
  semiJoin: (left: Pairs, right: Pairs) => left.semiJoin(right),
  antiJoin: (left: Pairs, right: Pairs) => left.antiJoin(right),
} as const;
const verbs = Object.keys(joins) as (keyof typeof joins)[];

function chosen(dataset: Dataset<unknown>): Node {
  return shortSides()(nodeIn(dataset));
}

type LookUp = Extract<Op<unknown>, { readonly side: string }>;

/** How a join looks keys up; undefined where it is shuffled. */
function lookUpOf(dataset: Dataset<unknown>): Pick<LookUp, 'verb' | 'side' | 'records'> | undefined {
  const node = chosen(dataset);
  if (node.kind !== 'narrow' || !('side' in node.op)) {
    expect(node).toBe(nodeIn(dataset));
    return undefined;
  }
  const { verb, side, records } = node.op;
  return { verb, side, records };
}

const known: [string, () => Pairs][] = [
  ['an array', () => from(list)],
  ['an empty array', () => from<[unknown, unknown]>([])],
  ['a Map', () => from(new Map<unknown, unknown>(list))],
  ['a Set of pairs', () => from(new Set(list))],
  ['10,000 pairs', () => from(Array.from({ length: 10_000 }, (_, n): [number, number] => [n, n]))],
  ['keys of every kind', () => from<[unknown, unknown]>([[[1, { a: new Date(3) }], 1], [-0, 2], [NaN, 3], [null, 4], [undefined, 5], [3n, 6], [true, 7]])], // prettier-ignore
  ['values that travel', () => from<[unknown, unknown]>([['a', new Map([[1, new Set([2])]])], ['b', new RangeError('no')]])], // prettier-ignore
];

const unknownSides: [string, () => Pairs][] = [
  ['a list behind a verb', () => from(list).filter(() => true)],
  ['a union of lists', () => from(list).union(from(list))],
  ['an iterator', () => from(list.values())],
  ['a generator', () => from((function* () { yield* list; })())], // prettier-ignore
  ['a function that gives a list', () => from(() => list)],
  ['any other iterable', () => from({ [Symbol.iterator]: () => list[Symbol.iterator]() })],
  ['an async iterable', () => from((async function* () { yield* list; })())], // prettier-ignore
  ['a range', () => range(3) as unknown as Pairs],
  ['a typed array', () => from(new Float64Array(2)) as unknown as Pairs],
  ['10,001 pairs', () => from(Array.from({ length: 10_001 }, (_, n): [number, number] => [n, n]))],
  ['a Map of 10,001 pairs', () => from(new Map(Array.from({ length: 10_001 }, (_, n): [number, number] => [n, n])))], // prettier-ignore
  [
    'more than 1 MiB',
    () =>
      from<[unknown, unknown]>([
        ['a', 'x'.repeat(2 ** 19)],
        ['b', 'x'.repeat(2 ** 19)],
      ]),
  ],
  ['what is no pair', () => from([...list, ['c'] as unknown as [unknown, unknown]])],
  ['a hole', () => from<[unknown, unknown]>(Object.assign(Array<[unknown, unknown]>(3), { 0: ['a', 1] }))], // prettier-ignore
  ['a key that cannot be one', () => from<[unknown, unknown]>([...list, [new Map(), 1]])],
  ['a key that is a symbol', () => from<[unknown, unknown]>([...list, [Symbol('s'), 1]])],
  ['a value that cannot travel', () => from<[unknown, unknown]>([...list, ['c', () => 1]])],
];

describe.each(verbs)('a %s', (verb) => {
  it.each(known)('looks up what is on its right side: %s', (_, side) => {
    const records = side === known[1]![1] ? 0 : expect.any(Number);
    expect(lookUpOf(joins[verb](big, side()))).toEqual({ verb, side: 'right', records });
  });

  it.each(unknownSides)('shuffles %s', (_, side) => {
    expect(lookUpOf(joins[verb](big, side()))).toBeUndefined();
  });

  it('prefers its right side', () => {
    expect(lookUpOf(joins[verb](from(unique), from(list)))).toEqual({ verb, side: 'right', records: 3 });
  });

  it('looks up its left side only where that gives the same pairs in the same order by key', () => {
    const expected = verb === 'join' ? { verb, side: 'left', records: 2 } : undefined;
    expect(lookUpOf(joins[verb](from(unique), big))).toEqual(expected);
    expect(lookUpOf(joins[verb](from(list), big))).toBeUndefined();
  });
});

it('looks a left side up exactly where no two of its keys are equal', () => {
  fc.assert(
    fc.property(fc.array(oddKey, { maxLength: 6 }), (keys) => {
      const isUnique = keys.every((key, i) => findKey(keys, key) === i);
      const side = from(keys.map((key): [unknown, number] => [key, 1]));
      expect(lookUpOf(side.join(big)) !== undefined).toBe(isUnique);
    }),
    { numRuns: 300 },
  );
});

it('shuffles for fullJoin and cogroup, and for what is no join', () => {
  for (const dataset of [big.fullJoin(from(list)), big.cogroup(from(list)), from(list).groupByKey()]) {
    expect(lookUpOf(dataset.map((record) => record as unknown))).toBeUndefined();
  }
});

it('chooses the same for copies that a run has made', () => {
  for (const side of [from(list), from(new Map(list)), from(new Set(list))]) {
    const node = shortSides()(liveSources().listen(nodeIn(big.join(side))));
    expect(node).toMatchObject({ kind: 'narrow', op: { verb: 'join', side: 'right' } });
  }
});

it('has what is met twice once', () => {
  const side = from(list);
  const joined = big.join(side).map(([key]) => [key, key] as [unknown, unknown]);
  const choose = shortSides();
  const [one, other] = [joined.semiJoin(side), joined.countByKey()].map((dataset) => choose(nodeIn(dataset)));
  if (one?.kind !== 'narrow' || other?.kind !== 'shuffle') throw new Error('expected a verb and a shuffle');
  // A shared beginning is one that `together` reads once.
  expect(other.inputs[0]).toBe(one.input);
  const [first, second] = [one.op, (one.input as typeof one & { input: typeof one }).input.op] as LookUp[];
  expect([first!.verb, second!.verb]).toEqual(['semiJoin', 'join']);
  expect(first!.fn).toBe(second!.fn);
});

it('finds joins below other verbs, on both sides, and in unions', () => {
  const inner = big.join(from(list)).mapValues(([a]) => a);
  const dataset = inner.union(inner.leftJoin(from(unique)).mapValues(([a]) => a)).reduceByKey((a) => a);
  const verbs: string[] = [];
  const walk = (node: Node): void => {
    if (node.kind === 'narrow') {
      if ('side' in node.op) verbs.push(node.op.verb);
      walk(node.input);
    } else if (node.kind !== 'source') node.inputs.forEach(walk);
  };
  walk(chosen(dataset));
  expect(verbs).toEqual(['join', 'leftJoin', 'join']);
});

it('has the pairs travel as they were given', () => {
  const node = chosen(big.join(from(list)));
  if (node.kind !== 'narrow' || !('fn' in node.op) || node.op.fn.kind !== 'module')
    throw new Error('no module');
  const [given] = node.op.fn.arguments!;
  const table = sideTable((given as { readonly value: Uint8Array[] }).value);
  expect([table.valuesOf('a'), table.valuesOf('b')]).toEqual([[1, 3], [2]]);
});

it('soon stops to encode what is too large', () => {
  let encoded = 0;
  const rows = Array.from({ length: 10_000 }, (_, n): [number, object] => [
    n,
    {
      get text() {
        encoded += 1;
        return 'x'.repeat(100_000);
      },
    },
  ]);
  expect(lookUpOf(big.join(from(rows)))).toBeUndefined();
  expect(encoded).toBeLessThan(1000);
});
