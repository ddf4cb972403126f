import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAwaiting, traitsOf, verbs, type JoinVerb, type Op, type Verb } from '../../src/plan/verbs.js';
import { refer } from '../../src/plan/function-ref.js';
import { sideTable } from '../../src/shuffle/keys/side-table.js';
import { runPipeline } from '../../src/task/verbs/pipeline.js';
import { encode } from '../../src/values/codec.js';
import { batchOf, contextOf } from '../task/contexts.js';

/** A verb as it may be used: what it carries, what its function may give, and what it may be given. */
interface Use<V extends Verb> {
  readonly op: Extract<Op<number>, { verb: V }>;
  readonly fn?: fc.Arbitrary<unknown>;
  readonly record: fc.Arbitrary<unknown>;
}

const anything = fc.integer();
const pair = fc.tuple(fc.string(), anything);
const values = fc.array(anything, { maxLength: 3 });
const toValue = fc.func(anything);
const toValues = fc.func(fc.array(anything, { maxLength: 3 }));
const toPromise = fc.func(anything).map((fn) => async (value: unknown) => Promise.resolve(fn(value)));
/** Gives each record so many times. */
const repeating = fc.nat({ max: 3 }).map(
  (times) =>
    function* (records: Iterable<unknown>): Generator<unknown> {
      for (const record of records) for (let i = 0; i < times; i += 1) yield record;
    },
);

const side = sideTable([encode([['a', 1], ['b', 2], ['b', 3]], 'input')]); // prettier-ignore
const keyed = fc.tuple(fc.constantFrom('a', 'b', 'c'), anything);
const lookUp = <V extends JoinVerb>(verb: V) => ({
  op: { verb, fn: 0, side: 'right', records: 3 } as const,
  fn: fc.constant(side),
  record: keyed,
});

const uses: { readonly [V in Verb]: Use<V> } = {
  map: { op: { verb: 'map', fn: 0 }, fn: toValue, record: anything },
  filter: { op: { verb: 'filter', fn: 0 }, fn: fc.func(fc.boolean()), record: anything },
  flatMap: { op: { verb: 'flatMap', fn: 0 }, fn: toValues, record: anything },
  mapPartitions: { op: { verb: 'mapPartitions', fn: 0 }, fn: repeating, record: anything },
  mapAsync: {
    op: { verb: 'mapAsync', fn: 0, concurrency: 3 },
    fn: fc.oneof(toValue, toPromise),
    record: anything,
  },
  parallelMap: {
    op: { verb: 'parallelMap', fn: 0, concurrency: 1 },
    fn: fc.oneof(toValue, toPromise),
    record: anything,
  },
  mapValues: { op: { verb: 'mapValues', fn: 0 }, fn: toValue, record: pair },
  keyBy: { op: { verb: 'keyBy', fn: 0 }, fn: toValue, record: anything },
  sample: { op: { verb: 'sample', fraction: 0.5, seed: 7 }, record: anything },
  withSeed: { op: { verb: 'withSeed', fn: 0, seed: 7 }, fn: toValue, record: anything },
  values: { op: { verb: 'values' }, record: pair },
  'aggregateByKey.finish': {
    op: { verb: 'aggregateByKey.finish', fn: 0 },
    fn: fc.constantFrom({}, { finish: (n: number) => n + 1 }),
    record: pair,
  },
  'mapReduce.map': { op: { verb: 'mapReduce.map', fn: 0 }, fn: toValues, record: anything },
  'mapReduce.reduce': {
    op: { verb: 'mapReduce.reduce', fn: 0, combined: false },
    fn: toValue,
    record: fc.tuple(fc.string(), values),
  },
  join: lookUp('join'),
  leftJoin: lookUp('leftJoin'),
  semiJoin: lookUp('semiJoin'),
  antiJoin: lookUp('antiJoin'),
  'join.pairs': {
    op: { verb: 'join.pairs', keepLeft: true, keepRight: false },
    record: fc.tuple(fc.string(), fc.tuple(values, values)),
  },
};
const names = Object.keys(uses) as Verb[];

/** What a verb gives for the records of a chunk. */
async function give(op: Op<number>, fn: unknown, records: readonly unknown[]): Promise<unknown[]> {
  const given: unknown[] = [];
  const into = { isFull: false, push: (record: unknown) => void given.push(record) };
  await runPipeline([batchOf(records)], { ops: [op], seed: 3, branch: 0 }, into, contextOf([fn]));
  return given;
}

describe('the traits of a verb', () => {
  it('are those of every verb that there is', () => {
    expect(Object.keys(verbs).toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('tell how many records it gives: %s', async (verb) => {
    const { op, fn = fc.constant(undefined), record } = uses[verb];
    const counts = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fn, fc.array(record, { maxLength: 8 }), async (function_, records) => {
        let total = 0;
        for (const one of records) {
          const { length } = await give(op, function_, [one]);
          counts.add(length);
          total += length;
        }
        // All at once they give as many as one by one; only what `sample` takes depends on the place of a record.
        if (verb !== 'sample') expect(await give(op, function_, records)).toHaveLength(total);
      }),
    );
    // Every number that the trait admits occurs, so it is no wider than it must be.
    const { gives } = traitsOf(verb);
    if (gives === 'one') expect([...counts]).toEqual([1]);
    else if (gives === 'some' && verb !== 'sample') expect([...counts].toSorted()).toEqual([0, 1]);
    else if (gives === 'many') {
      // All but a leftJoin may give none for a record.
      if (verb !== 'leftJoin') expect(counts).toContain(0);
      expect(Math.max(...counts)).toBeGreaterThan(1);
    }
  });

  it('of sample say that it gives some records, each once', async () => {
    const records = Array.from({ length: 1000 }, (_, i) => i);
    const given = await give(uses.sample.op, undefined, records);
    expect(given.length).toBeGreaterThan(400);
    expect(given.length).toBeLessThan(600);
    expect(given).toEqual(records.filter((n) => given.includes(n)));
  });

  it.each(names.filter((verb) => 'fn' in uses[verb].op))(
    'tell whether promises of its function are awaited, and whether it may be async: %s',
    async (verb) => {
      const { op } = uses[verb];
      const awaits = traitsOf(verb).awaits;
      expect(isAwaiting(verb)).toBe(awaits);
      const asynchronous = async (): Promise<number> => Promise.resolve(5);
      const check = (): unknown => refer(verb, asynchronous);
      if (awaits) {
        expect(check()).toMatchObject({ kind: 'inline', verb });
        expect(await give(op, asynchronous, [1, 2])).toEqual([5, 5]);
      } else expect(check).toThrow(`is async, and ${verb} does not wait for promises`);
    },
  );

  it('are asked for verbs of all kinds, also such as are none', () => {
    expect(['reduceByKey', 'reduce', 'toString', '__proto__', ''].map(isAwaiting)).toEqual(
      Array(5).fill(false),
    );
  });

  it('tell which verbs see a record, and which an iterable of all', async () => {
    for (const verb of names) {
      const { op, fn = fc.constant(undefined), record } = uses[verb];
      const [sample] = fc.sample(fc.tuple(fn, fc.array(record, { minLength: 2, maxLength: 2 })), 1);
      const asked: unknown[][] = [];
      const given = sample![0];
      const spy =
        typeof given === 'function'
          ? (...args: unknown[]): unknown => {
              asked.push(args);
              return Reflect.apply(given, undefined, args);
            }
          : given;
      await give(op, spy, sample![1]);
      if (typeof given === 'function') expect(asked).toHaveLength(verb === 'mapPartitions' ? 1 : 2);
      const isCut = ['mapPartitions', 'mapAsync', 'parallelMap'].includes(verb);
      expect(traitsOf(verb).takes).toBe(isCut ? 'records' : 'record');
    }
  });
});
