import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { from, range, SourceError, together, type Dataset, type Plan, type RunReport } from '@forkfold/core';
import { expectSame } from '../values/expect-same.js';
import { oddKey, sameKey } from '../shuffle/odd-keys.js';
import { caught, directories, fixture, harness } from './harness.js';

type Pair = [key: unknown, value: unknown];
type Pairs = Dataset<readonly [unknown, unknown]>;

const shared = harness();
const place = directories(shared);
const { options } = place;

/** Behind a verb a list is shuffled. */
const shuffled = (list: Pairs): Pairs => list.filter(() => true);

const joins = {
  join: (left: Pairs, right: Pairs) => left.join(right),
  leftJoin: (left: Pairs, right: Pairs) => left.leftJoin(right),
  semiJoin: (left: Pairs, right: Pairs) => left.semiJoin(right),
  antiJoin: (left: Pairs, right: Pairs) => left.antiJoin(right),
} as const;
type Verb = keyof typeof joins;
const verbs = Object.keys(joins) as Verb[];

/** What a loop over the left side would give. */
function looped(verb: Verb, left: readonly Pair[], right: readonly Pair[]): Pair[] {
  return left.flatMap(([key, value]): Pair[] => {
    const others = right.filter(([other]) => sameKey(other, key)).map(([, other]) => other);
    if (verb === 'semiJoin') return others.length > 0 ? [[key, value]] : [];
    if (verb === 'antiJoin') return others.length > 0 ? [] : [[key, value]];
    if (others.length === 0) return verb === 'leftJoin' ? [[key, [value, undefined]]] : [];
    return others.map((other) => [key, [value, other]]);
  });
}

/** Texts of pairs, in an order of their own. */
const sorted = (all: readonly unknown[]): string[] => all.map((one) => JSON.stringify(one)).sort();

function expectPairs(actual: readonly (readonly [unknown, unknown])[], expected: readonly Pair[]): void {
  expectSame(actual.map(([, value]) => value), expected.map(([, value]) => value)); // prettier-ignore
  expect(actual.every(([key], i) => sameKey(key, expected[i]![0]))).toBe(true);
}

const value = fc.oneof(fc.integer(), fc.record({ n: fc.integer() }), fc.constant(undefined));
const pairs = fc.array(fc.tuple(oddKey, value), { maxLength: 25 });
const sizes = fc.record({ chunkSize: fc.constantFrom(1, 3, 7, 1000), partitions: fc.constantFrom(1, 3) });
const one: Pair[] = [['b', 'x'], ['a', 'y'], ['b', 'z'], ['d', 'w']]; // prettier-ignore

describe.each(verbs)('%s with a short list', (verb) => {
  const run = joins[verb];

  it('gives the pairs of the shuffle, in the order of the other side, for keys of all kinds, anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, pairs, sizes, async (left, right, given) => {
        const big = shuffled(from(left));
        const expected = looped(verb, left, right);
        for (const side of [from(right), from(new Set(right))] as Pairs[]) {
          for (const processes of [0, 2]) {
            expectPairs(await run(big, side).toArray().run(options(processes, given)), expected);
          }
        }
        const actual = await run(big, shuffled(from(right))).toArray().run(options(0, given)); // prettier-ignore
        expect(actual).toHaveLength(expected.length);
        for (const [key] of expected) {
          const of = (all: readonly (readonly [unknown, unknown])[]): unknown[] =>
            all.filter(([other]) => sameKey(other, key)).map(([, found]) => found);
          expectSame(of(actual), of(expected));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('gives a zero for a key that is a negative one, as the shuffle does', async () => {
    const big = range(2).map((n): Pair => (n === 0 ? [-0, 'zero'] : [{ at: [-0] }, 'inside']));
    const side = verb === 'antiJoin' ? [] : ([[0, 1], [{ at: [0] }, 2]] as Pair[]); // prettier-ignore
    for (const list of [from(side), shuffled(from(side))]) {
      const found = await run(big, list).map(([key]) => key).toArray().run(options(1)); // prettier-ignore
      const zeros = found.map((key) => (typeof key === 'number' ? key : (key as { at: number[] }).at[0]));
      expectSame(zeros, [0, 0]);
    }
  });

  it('finds what is wrong with a record as the shuffle does, and leaves it out', async () => {
    const bad = range(9).map((n): Pair =>
      n === 4 ? (n as never) : n === 7 ? [new Map(), n] : ['ab'[n % 2], n],
    );
    const behind = bad.mapPartitions(function* (records) {
      yield* records;
    });
    for (const big of [bad, behind, bad.filter((record) => record !== (4 as never))]) {
      const told: unknown[] = [];
      for (const side of [from(one), shuffled(from(one))]) {
        const failed = await caught(
          run(big, side)
            .count()
            .run(options(1, { chunkSize: 3 })),
        );
        const reports: RunReport[] = [];
        const report = (given: RunReport): void => void reports.push(given);
        const skipping = options(1, { chunkSize: 3, onError: 'skip', report });
        const found = await run(big, side).count().run(skipping);
        told.push({ name: (failed as Error).name, message: String(failed), found, ...reports[0]!.skipped });
      }
      expect(told[0]).toEqual(told[1]);
      expect(told[0]).toMatchObject({ message: expect.stringContaining(verb) });
    }
  });

  it.each<[string, Pair[], string]>([
    ['no pair', [...one, 5 as never], 'takes [key, value] pairs'],
    ['a key that cannot be one', [...one, [new Map(), 1]], 'key is an instance of Map'],
    ['a key that is a function', [...one, [() => 1, 1]], 'input[4][0] is a function'],
    ['a value that cannot travel', [...one, ['e', Symbol('s')]], 'input[4][1] is a symbol'],
  ])('with %s in it is refused', async (_, list, message) => {
    const error = await caught(run(range(3).map((n): Pair => [n, n]), from(list)).count().run(options(1))); // prettier-ignore
    expect((error as Error).message).toContain(message);
  });

  it('has the values of a key that are on the disk in memory', async () => {
    const big = range(300).map((n): Pair => [n % 7 === 0 ? 'a' : 'z', n]).groupByKey(); // prettier-ignore
    const expected = await run(big, shuffled(from(one))).toArray().run(options(0)); // prettier-ignore
    shared.budget = 1;
    const [found, again] = [options(2, { chunkSize: 50 }), options(0)].map((given) => run(big, from(one)).toArray().run(given)); // prettier-ignore
    shared.budget = undefined;
    expect(sorted(await found!)).toEqual(sorted(expected));
    expect(sorted(await again!)).toEqual(sorted(expected));
  });
});

const numbers = range(40).map((n): Pair => ['abc'[n % 3], n]);

describe('join of a short list', () => {
  it('looks it up where each of its keys is there once, in the order of the other side', async () => {
    const list: Pair[] = [['b', 'x'], ['a', 'y']]; // prettier-ignore
    const expected = Array.from({ length: 40 }, (_, n): Pair => ['abc'[n % 3], [n % 3 === 1 ? 'x' : 'y', n]]);
    const found = await from(list).join(numbers).toArray().run(options(2, { chunkSize: 7 })); // prettier-ignore
    expectSame(found, expected.filter(([key]) => key !== 'c')); // prettier-ignore
    const { stages } = await from([...list, ['a', 'z'] as Pair]).join(numbers).count().explain(); // prettier-ignore
    expect(stages).toHaveLength(2);
  });

  it('with itself, and with another one', async () => {
    const list = from(one);
    const expected = looped('join', one, one);
    expectSame(await list.join(list).toArray().run(options(2)), expected);
    expect(sorted(await shuffled(list).join(shuffled(list)).toArray().run(options(0)))).toEqual(sorted(expected)); // prettier-ignore
    expect((await list.join(list).count().explain()).stages).toHaveLength(1);
  });
});

describe('a list that is looked up', () => {
  const list = from(one);
  const joined = numbers.join(list);

  it('needs no shuffle, which explain and the report say', async () => {
    const explained = await joined.count().explain(options(2));
    expect(explained.stages.map(({ inputs, sink }) => ({ inputs, sink }))).toEqual([
      {
        inputs: [
          {
            from: 'range',
            verbs: [
              "map((n) => ['abc'[n % 3], n])",
              'join(no shuffle: the right side is a list of 4 records in memory)',
            ],
          },
        ],
        sink: 'count',
      },
    ]);
    expect(String(explained)).toContain(
      '-> join(no shuffle: the right side is a list of 4 records in memory)',
    );
    const lefts = await from(new Map([['a', 1]])).join(numbers as Dataset<[string, number]>).count().explain(); // prettier-ignore
    expect(String(lefts)).toContain('join(no shuffle: the left side is a list of 1 record in memory)');
    let report: RunReport | undefined;
    await joined.count().run(options(2, { report: (given) => void (report = given) }));
    expect(report!.stages.map(({ inputs, sink }) => ({ inputs, sink }))).toEqual([
      { inputs: [['range', 'map', 'join']], sink: 'count' },
    ]);
  });

  it('ends early, and before what fails behind', async () => {
    const endless = from(function* () {
      for (let n = 0; ; n += 1) yield n;
    });
    const big = endless.map((n): Pair => {
      if (n > 5_000) throw new Error('too far');
      return [n % 2 === 0 ? 'b' : 'c', n];
    });
    const expected = [['b', [0, 'x']], ['b', [0, 'z']], ['b', [2, 'x']]]; // prettier-ignore
    for (const processes of [0, 2]) {
      expect(await big.join(list).take(3).run(options(processes))).toEqual(expected);
      expect(await big.join(list).limit(3).toArray().run(options(processes))).toEqual(expected);
      expect(await big.semiJoin(list).first().run(options(processes))).toEqual(['b', 0]);
    }
  });

  it.each([0, 2])(
    'gives many records to verbs that wait, in their order (%i processes)',
    async (processes) => {
      const left = Array.from({ length: 40 }, (_, n): Pair => ['abc'[n % 3], n]);
      const pairs = looped('join', left, one) as [string, [number, string]][];
      const expected = pairs.map(([key, [n, text]]) => `${key}${n}${text}`);
      const doubled = expected.flatMap((text) => [text, text]);
      const texts = joined.map(([key, [n, text]]) => `${key as string}${n as number}${text as string}`);
      const slow = texts.flatMap(async function* (text) {
        yield text;
        await Promise.resolve();
        yield text;
      });
      const given = options(processes, { chunkSize: 9 });
      expect(await slow.toArray().run(given)).toEqual(doubled);
      expect(await slow.take(7).run(given)).toEqual(doubled.slice(0, 7));
      expect(await slow.toArray().run({ ...given, onError: 'skip' })).toEqual(doubled);
      expect(await texts.mapAsync(async (text) => text).toArray().run(given)).toEqual(expected); // prettier-ignore
      expect((await texts.mapPartitions((all) => [[...all].length]).toArray().run(given)).reduce((a, b) => a + b)).toBe(expected.length); // prettier-ignore
      const streamed: string[] = [];
      for await (const text of slow.stream(given)) streamed.push(text);
      expect(streamed).toEqual(doubled);
    },
  );

  it('gives each record values of its own, so that one that changes them does not change others', async () => {
    const rates: [string, { n: number; at: Date; tags: Set<number> }][] = [
      ['a', { n: 1, at: new Date(5), tags: new Set([1]) }],
      ['b', { n: 2, at: new Date(6), tags: new Set() }],
    ];
    const summed = range(30)
      .map((n): [string, number] => ['ab'[n % 2]!, n])
      .join(from(rates))
      .map(([key, [n, rate]]) => {
        rate.n += n;
        rate.at.setTime(rate.n);
        rate.tags.add(n);
        return [key, rate] as [string, typeof rate];
      });
    const expected = Array.from({ length: 30 }, (_, n) => [n + 1 + (n % 2), n + 1 + (n % 2)]);
    const inPlace = summed.reduceByKey((a, b) => {
      a.n += b.n;
      for (const tag of b.tags) a.tags.add(tag);
      return a;
    });
    for (const processes of [0, 1, 2]) {
      const given = options(processes, { chunkSize: 4 });
      expect(await summed.map(([, { n, at }]) => [n, at.getTime()]).toArray().run(given)).toEqual(expected); // prettier-ignore
      const totals = await inPlace.map(([key, { n, tags }]) => [key, n, tags.size] as const).toArray().run(given); // prettier-ignore
      expect(totals.toSorted()).toEqual([['a', 225, 16], ['b', 255, 15]]); // prettier-ignore
    }
    expect(rates[0]![1].n).toBe(1);
  });

  it('is taken as it is when the run begins', async () => {
    const given: Pair[] = [['a', 1]];
    const running = numbers.join(from(given)).count().run(options(1)); // prettier-ignore
    given.push(['b', 2], [new Map(), 3]);
    expect(await running).toBe(14);
    const map = new Map([['a', 1]]);
    const stream = numbers.semiJoin(from(map)).stream(options(1));
    expect((await stream.next()).value).toEqual(['a', 0]);
    map.clear();
    const others: unknown[] = [];
    for await (const record of stream) others.push(record);
    expect(others).toHaveLength(13);
  });

  it('is none that is given only once', async () => {
    const once = numbers.join(from(one.values()));
    expect((await once.count().explain()).stages).toHaveLength(2);
    expect(await once.count().run(options(1))).toBe(40);
    expect(await caught(once.count().run(options(1)))).toBeInstanceOf(SourceError);
  });
});

describe('plans of together', () => {
  it('read the other side once, and give what each gives alone', async () => {
    const joined = numbers.join(from(one)).mapValues(([n]) => n as number);
    const plans = {
      all: joined.toArray(),
      sums: joined.reduceByKey((a, b) => a + b).toMap(),
      others: numbers.antiJoin(from(one)).count(),
      first: numbers.leftJoin(from(one)).take(3),
      count: numbers.count(),
    };
    const both = together(plans);
    for (const processes of [0, 2]) {
      const given = options(processes, { chunkSize: 7 });
      const found = await both.run(given);
      for (const [name, plan] of Object.entries(plans)) {
        expectSame(found[name as keyof typeof found], await plan.run(given));
      }
    }
    const { stages } = await both.explain(options(2));
    expect(stages.filter(({ inputs }) => inputs.some(({ from }) => from === 'range'))).toHaveLength(5);
    expect(stages.filter(({ beside }) => beside !== undefined)).toHaveLength(4);
  });
});

describe('in a job', () => {
  const roles: [string, string][] = [['b', 'cook'], ['b', 'baker']]; // prettier-ignore
  type Named = (rows: Dataset<number>, roles: object, marker: string, deadly: number) => Dataset<string>;
  const plan = async (marker: string, deadly: number): Promise<Plan<string[]>> => {
    const { named } = (await import(fixture('lists.job.mjs'))) as { named: Named };
    return named(range(30), roles, marker, deadly).toArray();
  };
  const expected = Array.from({ length: 30 }, (_, n) => n).flatMap((n) =>
    n % 3 === 0 ? [`a${n} Anna undefined`] : n % 3 === 1 ? [`b${n} Bert cook`, `b${n} Bert baker`] : [],
  );

  it('a list may be the module’s own, or an argument; counters count once, also where a child dies', async () => {
    for (const [processes, deadly] of [
      [0, -1],
      [2, -1],
      [2, 17],
    ] as const) {
      // prettier-ignore
      const marker = join(place.root, `marker ${processes} ${deadly}`);
      let report: RunReport | undefined;
      const given = options(processes, { chunkSize: 5, report: (told) => void (report = told) });
      expect(await (await plan(marker, deadly)).run(given)).toEqual(expected);
      expect(report!.counters).toEqual({ seen: 30 });
      expect(existsSync(marker)).toBe(deadly === 17);
    }
    expect((await (await plan('', -1)).explain()).stages).toHaveLength(1);
  });
});

it('a checkpoint finds that a list is another one', async () => {
  const healed = join(place.root, 'healed');
  const failing = from(Array.from({ length: 30 }, (_, n) => ({ n, healed }))).mapAsync(
    async ({ n, healed }) => {
      const { existsSync } = await import('node:fs');
      if (n === 20 && !existsSync(healed)) throw new Error('not yet');
      return ['ab'[n % 2], n] as Pair;
    },
  );
  const checkpoint = join(place.root, 'checkpoint');
  const given = options(0, { chunkSize: 5, checkpoint });
  const plan = (list: Pair[]) => failing.join(from(list)).count();
  expect(String(await caught(plan(one).run(given)))).toContain('not yet');
  const other = await caught(plan([...one.slice(0, 3), ['d', 'v']]).run(given));
  expect(String(other)).toContain('a list that records are joined with is another one');
  expect(String(await caught(plan(one).run(given)))).toContain('not yet');
  writeFileSync(healed, '');
  expect(await plan(one).run(given)).toBe(45);
});
