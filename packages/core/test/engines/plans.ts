import fc from 'fast-check';
import {
  count,
  countDistinct,
  desc,
  from,
  mean,
  quantile,
  range,
  sum,
  topN,
  type Dataset,
  type Plan,
} from '@forkfold/core';

/** Pairs of few keys and floating-point values. */
export const pairs = range(400).map((n) => [`k${n % 97}`, 1 / (n + 1)] as [string, number]);
const odd = range(300).map((n): [unknown, Set<number>] => [
  n % 3 === 0 ? { n: n % 7, at: new Date(n % 5) } : n % 3 === 1 ? BigInt(n % 11) : n % 13,
  new Set([n]),
]);

/** Plans of every verb and action that an engine runs, by their names. */
export const plans: readonly [string, () => Plan<unknown>][] = [
  ['toArray', () => range(300).filter((n) => n % 3 === 0).toArray()],
  ['take', () => range(2000).map((n) => n * 2).take(7)],
  ['count', () => range(300).flatMap((n) => [n, n]).count()],
  ['reduce of floats', () => range(2000).map((n) => 1 / (n + 1)).reduce((a, b) => a + b)],
  ['aggregate', () => pairs.map(([, x]) => x).aggregate(sum)],
  ['top', () => range(500).top(5, (n) => (n * 7919) % 5003)],
  ['reduceByKey of floats', () => pairs.reduceByKey((a, b) => a + b).toArray()],
  ['reduceByKey of sets by odd keys', () => odd.reduceByKey((a, b) => new Set([...a, ...b])).toArray()],
  ['aggregateByKey', () => pairs.aggregateByKey(topN(3, (x) => x)).toArray()],
  ['aggregates by name', () => pairs.map(([k, x]) => ({ k, x })).aggregate({ n: count, mean: mean('x'), p: quantile('x', 0.9), keys: countDistinct('k') })],
  ['aggregateByKey by name', () => pairs.aggregateByKey({ n: count, mean: mean((x) => x * 2) }).toArray()],
  ['groupBy', () => pairs.map(([k, x]) => ({ k, x })).groupBy('k').aggregate({ n: count, total: sum('x') }).toArray()],
  ['countByKey', () => pairs.countByKey().toArray()],
  ['countByValue', () => range(300).map((n) => n % 31).countByValue().toMap()],
  ['distinct', () => range(300).map((n) => `${n % 31}`).distinct().toArray()],
  ['groupByKey', () => pairs.groupByKey().toArray()],
  ['sortBy', () => range(500).map((n) => `${(n * 7919) % 3001}`).sortBy((text) => text).toArray()],
  ['sortBy, descending', () => pairs.sortBy(([, x]) => x, { descending: true }).toArray()],
  ['sortBy of several keys', () => pairs.map(([k, x]) => ({ k, x })).sortBy(['k', desc('x')]).toArray()],
  ['zipWithIndex', () => pairs.filter(([, x]) => x < 0.1).zipWithIndex().toArray()],
  ['groupByKey, sorted', () => pairs.groupByKey({ sortBy: desc((x) => x) }).toArray()],
  ['join', () => pairs.join(range(120).map((n) => [`k${n}`, n] as [string, number])).toArray()],
  ['leftJoin', () => pairs.sample(0.1, 3).leftJoin(range(50).map((n) => [`k${n}`, n] as [string, number])).toArray()],
  ['fullJoin', () => pairs.fullJoin(range(120).map((n) => [`k${n}`, n] as [string, number])).count()],
  ['cogroup', () => pairs.cogroup(range(50).map((n) => [`k${n}`, n] as [string, number])).toArray()],
  ['semiJoin', () => pairs.semiJoin(range(50).flatMap((n) => [[`k${n}`, n], [`k${n}`, 0]] as [string, number][])).toArray()],
  ['antiJoin', () => pairs.antiJoin(range(50).map((n) => [`k${n}`, n] as [string, number])).toArray()],
  ['join with a list', () => pairs.join(from([['k1', 'one'], ['k2', 'two'], ['k2', 2]] as [string, unknown][])).toArray()],
  ['join of a list', () => from(new Map([['k1', 1], ['k2', 2]])).join(pairs).toArray()],
  ['leftJoin with a list, reduced', () => pairs.leftJoin(from(new Map([['k1', 0.1], ['k2', 0.2]]))).mapValues(([a, b = 0.3]) => a * b).reduceByKey((a, b) => a + b).toArray()],
  ['semiJoin and antiJoin with lists of odd keys', () => odd.semiJoin(from([[{ at: new Date(2), n: 1 }, 0], [3n, 0], [4, 0], [-0, 0]] as [unknown, number][])).antiJoin(from([[3n, 1]] as [unknown, number][])).toArray()],
  ['broadcastJoin', () => pairs.broadcastJoin(new Map([['k1', 'one'], ['k2', 'two']])).toArray()],
  ['limit', () => range(300).map((n) => n * 2).limit(120).filter((n) => n % 3 === 0).toArray()],
  ['batches', () => range(300).batches(7).map((batch) => batch.length).toArray()],
  ['two shuffles', () => pairs.reduceByKey((a, b) => a + b).map(([k, x]) => [k.length, x] as [number, number]).reduceByKey((a, b) => a + b).toArray()],
  ['a reduce of what a shuffle gives', () => pairs.reduceByKey((a, b) => a + b).map(([, x]) => x).reduce((a, b) => a + b)],
  ['a union of a source and a shuffle', () => pairs.union(pairs.reduceByKey((a, b) => a + b)).reduceByKey((a, b) => a + b).toArray()],
  ['a sample of what a shuffle gives', () => pairs.groupByKey().sample(0.5, 11).mapValues((xs) => [...xs].length).toArray()],
  ['mapPartitions and mapAsync', () => range(200).mapAsync(async (n) => n + 1).mapPartitions((xs) => [[...xs].length]).toArray()],
  ['items of an iterable', () => from(new Set(Array.from({ length: 300 }, (_, n) => n))).map((n) => [n % 7, n] as [number, number]).reduceByKey((a, b) => a + b).toArray()],
]; // prettier-ignore

type Pairs = Dataset<readonly [number, number]>;
const steps: Record<string, (given: Pairs) => Pairs> = {
  map: (given) => given.map(([k, v]): [number, number] => [(k * 7) % 23, v / 3 + 0.1]),
  filter: (given) => given.filter(([k]) => k % 5 !== 0),
  flatMap: (given) => given.flatMap(([k, v]): [number, number][] => [[k, v], [k + 1, v]]), // prettier-ignore
  sample: (given) => given.sample(0.7, 5),
  reduceByKey: (given) => given.reduceByKey((a, b) => a + b),
  aggregateByKey: (given) => given.aggregateByKey(sum),
  groupByKey: (given) => given.groupByKey().mapValues((values) => [...values].reduce((a, b) => a - b / 7, 0)),
  distinct: (given) => given.distinct(([k]) => k % 40),
  countByKey: (given) => given.countByKey(),
  sortBy: (given) => given.sortBy(([k, v]) => [k % 3, v]),
  union: (given) => given.union(range(40).map((n): [number, number] => [n, n / 9])),
  joinWithList: (given) => given.leftJoin(from(Array.from({ length: 30 }, (_, n): [number, number] => [n % 20, n / 3]))).map(([k, [a, b = 0.1]]): [number, number] => [k, a + b]),
  join: (given) => given.join(range(30).map((n): [number, number] => [n, n])).map(([k, [a, b]]): [number, number] => [k, a + b]),
}; // prettier-ignore
const ends: Record<string, (given: Pairs) => Plan<unknown>> = {
  toArray: (given) => given.toArray(),
  reduce: (given) => given.map(([, v]) => v).reduce((a, b) => a + b, 0.1),
  count: (given) => given.count(),
  first: (given) => given.first(),
  take: (given) => given.filter(([k]) => k % 2 === 0).take(20),
  partitions: (given) => given.mapPartitions((all) => [[...all].length]).toArray(),
  async: (given) => given.mapAsync(async ([k, v]) => k + v, { concurrency: 3 }).toArray(),
};

/** Any few verbs after one another, an action, and options that cut the work otherwise. */
export const anyPlan = fc.record({
  verbs: fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 4 }),
  end: fc.constantFrom(...Object.keys(ends)),
  options: fc.record({
    chunkSize: fc.constantFrom(undefined, 7, 50),
    partitions: fc.constantFrom(undefined, 1, 3, 40),
  }),
});

/** Makes the plan of such a description. */
export function makePlan({
  verbs,
  end,
}: {
  readonly verbs: readonly string[];
  readonly end: string;
}): Plan<unknown> {
  return planFrom(begun([]), { verbs, end });
}

/** The dataset that random plans begin with, and some verbs. */
export function begun(verbs: readonly string[]): Pairs {
  const start: Pairs = range(600).map((n): [number, number] => [n % 53, 1 / (n + 1)]);
  return verbs.reduce((given, verb) => steps[verb]!(given), start);
}

/** Some verbs more, and an action. */
export function planFrom(
  given: Pairs,
  { verbs, end }: { readonly verbs: readonly string[]; readonly end: string },
): Plan<unknown> {
  return ends[end]!(verbs.reduce((before, verb) => steps[verb]!(before), given));
}

/** Plans that begin alike. What brings other datasets in comes before they part. */
export const plansTogether = fc.record({
  common: fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 2 }),
  plans: fc.array(
    fc.record({
      verbs: fc.array(fc.constantFrom(...Object.keys(steps).filter((verb) => !['union', 'join'].includes(verb))), { maxLength: 3 }),
      end: fc.constantFrom(...Object.keys(ends)),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  options: fc.record({
    chunkSize: fc.constantFrom(undefined, 7, 50),
    partitions: fc.constantFrom(undefined, 1, 3, 40),
  }),
}); // prettier-ignore
