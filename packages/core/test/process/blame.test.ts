/** Which function an error names, and in which words. */
import { describe, expect, it } from '@jest/globals';
import { from, type Aggregator, type RunOptions } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const limit = 5;
const pairs = from<[string, number]>([
  ['a', 1],
  ['a', 2],
]);
const sum: Aggregator<number, number> = {
  zero: () => 0,
  add: (a, b) => a + b,
  merge: (a, b) => a + b,
};

describe.each([0, 1])('what throws as buckets are merged (%d processes)', (processes) => {
  // One record a chunk, so that the values of a key meet on the reduce side.
  const options = (): RunOptions => shared.options(processes, { chunkSize: 1 });

  it.each([
    ['reduceByKey', () => pairs.reduceByKey((a, b) => Math.min(a + b, limit)).toMap().run(options())], // prettier-ignore
    ['aggregateByKey.merge', () => pairs.aggregateByKey({ ...sum, merge: (a, b) => a + b + limit }).toMap().run(options())], // prettier-ignore
  ])('is %s', async (verb, run) => {
    const error = await caught(run());
    expect(error).toMatchObject({ name: 'TaskError', verb, index: undefined, preview: '' });
    expect((error as Error).message).toBe(
      `${verb} threw ReferenceError: \`limit\` is not visible in the child process: ` +
        'move the pipeline into a job (defineJob) (chunk 0)',
    );
  });

  it('is no fault of a record, which skip could leave out', async () => {
    const merge = (): number => {
      throw new RangeError('no sum');
    };
    const skip = { ...options(), onError: 'skip' } as const;
    const byKey = await caught(
      pairs
        .aggregateByKey({ ...sum, merge })
        .toMap()
        .run(skip),
    );
    expect(byKey).toMatchObject({ verb: 'aggregateByKey.merge', cause: { message: 'no sum' } });
    const whole = await caught(from([1, 2, 3]).aggregate({ ...sum, merge }).run(skip)); // prettier-ignore
    expect(whole).toMatchObject({ verb: 'aggregate.merge', cause: { message: 'no sum' } });
  });
});
