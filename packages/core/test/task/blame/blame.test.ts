import { describe, expect, it } from '@jest/globals';
import { Blame } from '../../../src/task/blame/blame.js';
import { stepOf } from '../../../src/task/blame/step.js';
import { asPair, NotAPair } from '../../../src/task/blame/pairs.js';
import type { Op } from '../../../src/plan/verbs.js';
import { runPipeline } from '../../../src/task/verbs/pipeline.js';
import { batchOf, contextOf } from '../contexts.js';

describe('the blame', () => {
  it('stands at nobody and nothing before the first record', () => {
    const blame = new Blame();
    expect(blame).toMatchObject({ verb: '', fn: -1, given: 'other' });
    expect([blame.read, blame.position()]).toEqual([undefined, {}]);
  });

  it('stands at a record of a batch', () => {
    const blame = new Blame();
    blame.stand(batchOf(['a', 'b'], 40), 1);
    expect([blame.read, blame.position()]).toEqual(['b', { index: 41 }]);
  });

  it('has no position where that cannot be told any more', () => {
    const blame = new Blame();
    const locate = (): never => {
      throw new Error('the file is gone');
    };
    blame.stand({ records: [1], locate }, 0);
    expect([blame.read, blame.position()]).toEqual([1, {}]);
  });

  it('is on a function from when it begins until forkfold goes on', () => {
    const blame = new Blame();
    blame.step = stepOf('sortBy', 3, 'record');
    expect(blame).toMatchObject({ verb: 'sortBy', fn: 3, given: 'record' });
    blame.step = stepOf('map', 2);
    expect(blame).toMatchObject({ verb: 'map', fn: 2, given: 'other' });
    blame.leave();
    expect(blame.verb).toBe('');
  });

  it('comes back to where it was, which later steps do not change', () => {
    const blame = new Blame();
    const batch = batchOf(['a', 'b']);
    blame.chunk = 4;
    blame.record = 9;
    blame.stand(batch, 1);
    blame.step = stepOf('aggregate', 5, 'record');
    const [here, standing] = [blame.here(), blame.standing()];
    blame.chunk = 5;
    blame.record = 10;
    blame.stand(batchOf(['c']), 0);
    blame.step = stepOf('map', 6);
    blame.back(here);
    expect(blame).toMatchObject({ chunk: 4, record: 9, read: 'b', verb: 'map', fn: 6 });
    blame.restore(standing);
    expect(blame).toMatchObject({
      chunk: 4,
      record: 9,
      read: 'b',
      verb: 'aggregate',
      fn: 5,
      given: 'record',
    });
  });

  it('of a task that begins anew is on nobody, and what was read does not count', () => {
    const blame = new Blame();
    blame.stand(batchOf(['a']), 0);
    blame.step = stepOf('map', 0);
    blame.records = 7;
    blame.restart();
    expect(blame).toMatchObject({ verb: '', batch: undefined, records: 0, read: undefined });
  });

  it('of a function that no single record was given to is on no record', () => {
    const blame = new Blame();
    blame.stand(batchOf(['a']), 0);
    blame.blameNoRecord('reduceByKey', 4);
    expect(blame).toMatchObject({ verb: 'reduceByKey', fn: 4, given: 'other', read: undefined });
  });
});

describe('the blame in a pipeline', () => {
  const ops: Op<number>[] = [
    { verb: 'map', fn: 0 },
    { verb: 'flatMap', fn: 1 },
  ];

  /** Where the blame is when what these functions throw reaches the task. */
  async function blameAfter(functions: readonly unknown[], more: readonly Op<number>[] = []): Promise<Blame> {
    const context = contextOf(functions);
    const into = { isFull: false, push: () => undefined };
    const batches = [batchOf([1, 2]), batchOf([3, 4], 2)];
    const run = async () =>
      runPipeline(batches, { ops: [...ops, ...more], seed: 0, branch: 0 }, into, context);
    await expect(run()).rejects.toThrow('bad');
    return context.blame;
  }

  const throwing =
    (bad: number) =>
    (n: number): number => {
      if (n === bad) throw new Error('bad');
      return n;
    };

  it('is on the verb whose function has thrown, at the record', async () => {
    const first = await blameAfter([throwing(3), (n: number) => [n]]);
    expect(first).toMatchObject({ verb: 'map', fn: 0, read: 3, records: 2 });
    expect(first.position()).toEqual({ index: 2 });
    const second = await blameAfter([(n: number) => n, (n: number) => [throwing(4)(n)]]);
    expect(second).toMatchObject({ verb: 'flatMap', fn: 1, read: 4 });
  });

  it('is on an iterator that throws after the verb behind it had its turn', async () => {
    function* torn(n: number): Generator<number> {
      yield n;
      if (n === 2) throw new Error('bad');
    }
    const map: Op<number> = { verb: 'map', fn: 2 };
    const blame = await blameAfter([(n: number) => n, torn, (n: number) => n], [map]);
    expect(blame).toMatchObject({ verb: 'flatMap', fn: 1, read: 2 });
  });

  it('is on the record of a promise that was rejected, not on the one that was read meanwhile', async () => {
    const mapAsync: Op<number> = { verb: 'mapAsync', fn: 2, concurrency: 4 };
    const functions = [
      (n: number) => n,
      (n: number) => [n],
      async (n: number) => Promise.resolve(throwing(2)(n)),
    ];
    const blame = await blameAfter(functions, [mapAsync]);
    expect(blame).toMatchObject({ verb: 'mapAsync', fn: 2, read: 2 });
    expect(blame.position()).toEqual({ index: 1 });
  });
});

describe('a record that is no pair', () => {
  it('is refused in the name of the verb that takes pairs', () => {
    const blame = new Blame();
    blame.step = stepOf('reduceByKey', 3);
    for (const record of [5, 'ab', [1], [1, 2, 3], null, undefined, { 0: 1, 1: 2, length: 2 }]) {
      expect(() => asPair(record, blame)).toThrow(NotAPair);
      expect(() => asPair(record, blame)).toThrow(
        'reduceByKey takes [key, value] pairs: make them with keyBy or map',
      );
    }
    const pair = ['a', undefined];
    expect(asPair(pair, blame)).toBe(pair);
  });

  it('is the fault of the function that should have made it, where that is known', () => {
    const blame = new Blame();
    blame.step = stepOf('mapReduce.combine', 3, 'record');
    expect(() => asPair(5, blame)).toThrow('mapReduce.map must give [key, value] pairs');
    expect(blame).toMatchObject({ verb: 'mapReduce.map', fn: 3, given: 'other' });
  });
});
