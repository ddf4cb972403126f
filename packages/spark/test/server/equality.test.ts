import { afterAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { createPool, together, type Plan, type RunOptions } from '@forkfold/core';
import { spark } from '@forkfold/spark';
import { pipeEngine } from '../../../core/test/engines/pipe-engine.js';
import { anyPlan, makePlan, pairs, plans } from '../../../core/test/engines/plans.js';
import { expectSame } from '../../../core/test/values/expect-same.js';
import { serverAddress } from './session.js';

const engine = spark({ ...serverAddress(), node: process.execPath });
const pipe = pipeEngine(2);
const pool = createPool({ processes: 2 });

afterAll(async () => {
  await Promise.all([engine.close(), pipe.close(), pool.close()]);
});

/** The result must be the same, to the bit and in the same order, whatever runs the plan. */
async function expectEqual(plan: Plan<unknown>, options: RunOptions = {}): Promise<void> {
  const given = await plan.run({ engine, ...options });
  expectSame(given, await plan.run({ processes: 0, ...options }));
  expectSame(given, await plan.run({ pool, ...options }));
  expectSame(given, await plan.run({ engine: pipe, ...options }));
}

describe('Spark gives the very bytes of one process, of children, and of pipes', () => {
  const known = plans.filter(([name]) => name !== 'items of an iterable');
  test.each([...known])('%s', async (_, make) => {
    await expectEqual(make(), { partitions: 5, chunkSize: 137 });
  });

  test('where the engine chooses how to cut', async () => {
    await expectEqual(
      pairs
        .reduceByKey((a, b) => a + b)
        .sortBy(([, x]) => x)
        .toArray(),
    );
  });

  test('random plans', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, async ({ options, ...described }) => {
        await expectEqual(makePlan(described), options);
      }),
      { numRuns: 12 },
    );
  });

  test('several results of one scan', async () => {
    const make = () =>
      together({
        sum: pairs.map(([, x]) => x).reduce((a, b) => a + b),
        byKey: pairs.reduceByKey((a, b) => a + b).toMap(),
        first: pairs.sortBy(([, x]) => -x).take(5),
      });
    await expectEqual(make(), { partitions: 5, chunkSize: 137 });
  });

  test('streams', async () => {
    const dataset = pairs.groupByKey().mapValues((values) => [...values].length);
    const streamed: unknown[] = [];
    for await (const record of dataset.stream({ engine })) streamed.push(record);
    expectSame(streamed, await dataset.toArray().run({ pool }));
  });
});
