import { describe, expect, it } from '@jest/globals';
import { from, range, SerializationError, sum, type Plan, type RunReport } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();

// The record 3 has a key that cannot be one.
const pairs = range(6).map((n): [unknown, number] => [n === 3 ? new Map() : n % 2, n]);
const others = range(2).map((n): [unknown, string] => [n, 'other']);
// Looked up, not shuffled.
const list = from<[unknown, string]>([[0, 'other'], [1, 'other']]); // prettier-ignore
const verbs: [verb: string, plan: Plan<number>][] = [
  ['reduceByKey', pairs.reduceByKey((a, b) => a + b).count()],
  ['aggregateByKey', pairs.aggregateByKey(sum).count()],
  ['groupByKey', pairs.groupByKey().count()],
  ['countByKey', pairs.countByKey().count()],
  ['countByValue', pairs.map(([key]) => key).countByValue().count()], // prettier-ignore
  ['distinct', pairs.distinct(([key]) => key).count()],
  ['sortBy', pairs.sortBy(([key]) => key).distinct(([key]) => key).count()], // prettier-ignore
  ['cogroup', pairs.cogroup(others).count()],
  ['join', others.join(pairs).map(([key]) => key).distinct().count()], // prettier-ignore
  ['join', pairs.join(list).map(([key]) => key).distinct().count()], // prettier-ignore
  ['join', list.join(pairs).map(([key]) => key).distinct().count()], // prettier-ignore
  ['leftJoin', pairs.leftJoin(list).map(([key]) => key).distinct().count()], // prettier-ignore
  ['semiJoin', pairs.semiJoin(list).map(([key]) => key).distinct().count()], // prettier-ignore
  ['antiJoin', pairs.antiJoin(from<[unknown, string]>([])).map(([key]) => key).distinct().count()], // prettier-ignore
];

describe.each(verbs)('a key that cannot be one, of %s', (verb, plan) => {
  const chunkSize = 3;

  it('rejects the run, naming the key, the verb and the record', async () => {
    const error = await caught(plan.run(shared.options(1, { chunkSize })));
    expect(error).toBeInstanceOf(SerializationError);
    expect(error).toMatchObject({ name: 'SerializationError', path: 'key' });
    expect((error as Error).message).toMatch(
      new RegExp(`^key is an instance of Map.*\\(${verb}, chunk \\d at record 3: 3\\)$`),
    );
  });

  it.each([0, 1])('is a bad record under onError: skip, in %i processes', async (processes) => {
    let seen: RunReport | undefined;
    const report = (given: RunReport): void => void (seen = given);
    const options = shared.options(processes, { chunkSize, onError: 'skip', report });
    expect(await plan.run(options)).toBe(2);
    expect(seen!.skipped).toMatchObject({ count: 1, records: [{ verb, index: 3, preview: '3' }] });
    expect(seen!.skipped.records[0]!.error).toMatch(/^SerializationError: key is an instance of Map/);
  });
});

it('a record that gives one bad key is left out as a whole', async () => {
  const plan = from(['a b', 'c ! d', 'e']).flatMap((line) =>
    line.split(' ').map((word): [unknown, number] => [word === '!' ? Symbol(word) : word, 1]),
  );
  const counts = await plan.countByKey().toArray().run(shared.options(1, { onError: 'skip', partitions: 1 })); // prettier-ignore
  expect(counts.map(([key]) => key).sort()).toEqual(['a', 'b', 'e']);
});
