import { describe, expect, it } from '@jest/globals';
import { from, range, textLines } from '../../src/api/from.js';
import { nodeIn, sourceDataset, type Dataset } from '../../src/api/dataset.js';
import { SourceError } from '../../src/errors.js';
import { compile } from '../../src/plan/compile.js';
import type { Sink } from '../../src/plan/node.js';
import type { PlanFunction } from '../../src/plan/function-ref.js';
import { cutPlan, type CutOptions, type CutPlan } from '../../src/run/cut-plan.js';
import type { Cut, Source } from '../../src/source/source.js';

const collect: Sink<PlanFunction> = { kind: 'collect' };

const cut = async (dataset: Dataset<never>, options: CutOptions = {}): Promise<CutPlan> =>
  cutPlan(compile(nodeIn(dataset), collect), options);

/** The buckets of a shuffle of each stage, and the number of chunks that each has. */
async function sizes(dataset: Dataset<never>, options?: CutOptions) {
  const { stages, plan } = await cut(dataset, options);
  const partitions = plan.stages.map(({ sink }) => (sink.kind === 'shuffle' ? sink.partitions : undefined));
  expect(stages.map(({ wire }) => wire)).toEqual(plan.stages);
  return { partitions, counts: stages.map(({ count }) => count) };
}

/** A source of which only its size is known, or not even that. */
function sized({ bytes, count }: Pick<Cut, 'bytes' | 'count'>): Dataset<never> {
  const source: Source = { name: 'sized', identity: null, cut: () => ({ chunks: [], bytes, count }) };
  return sourceDataset(source, { module: 'test:sized', name: 'reader' });
}

const MEBIBYTE = 2 ** 20;
const double = (n: number): number[] => [n, n];

describe('the buckets of a shuffle', () => {
  it.each([
    [undefined, 16],
    [0, 1],
    [1, 1],
    [2 * MEBIBYTE, 1],
    [2 * MEBIBYTE + 1, 2],
    [64 * MEBIBYTE, 32],
    [100 * MEBIBYTE, 32],
    [256 * MEBIBYTE, 32],
    [400 * MEBIBYTE, 50],
    [1024 * 1024 * MEBIBYTE, 256],
  ])(
    'are one for each 2 MiB of input up to 32, then one for each 8 MiB: of %p bytes, %d',
    async (bytes, expected) => {
      const { partitions } = await sizes(sized({ bytes, count: 7 }).distinct());
      expect(partitions).toEqual([expected, undefined]);
    },
  );

  it('are at least 16 where records may multiply, on the way to them or before', async () => {
    const few = from([1, 2, 3]);
    expect((await sizes(few.distinct() as never)).partitions).toEqual([1, undefined]);
    expect((await sizes(few.flatMap(double).distinct() as never)).partitions).toEqual([16, undefined]);
    const twice = few
      .flatMap(double)
      .distinct()
      .keyBy((n) => `${n}`)
      .countByKey();
    expect((await sizes(twice as never)).partitions).toEqual([16, 16, undefined]);
    const later = few.distinct().flatMap(double).countByValue();
    expect((await sizes(later as never)).partitions).toEqual([1, 16, undefined]);
    // A join multiplies, too.
    const pairs = few.keyBy((n) => n);
    const joined = pairs.join(pairs).countByKey();
    expect((await sizes(joined as never)).partitions).toEqual([1, 16, undefined]);
  });

  it('are one for each 8 MiB for a sort, which need not hold one in memory', async () => {
    const sorted = (bytes: number) => sized({ bytes, count: 7 }).sortBy((n) => n);
    expect((await sizes(sorted(100 * MEBIBYTE))).partitions).toEqual([13, undefined]);
    expect((await sizes(sorted(1))).partitions).toEqual([1, undefined]);
  });

  it('are of the size of all inputs, and unknown is unknown', async () => {
    const [a, b] = [sized({ bytes: 10 * MEBIBYTE, count: 2 }), sized({ bytes: 7 * MEBIBYTE, count: 3 })];
    expect(await sizes(a.union(b).distinct())).toEqual({ partitions: [9, undefined], counts: [5, 9] });
    const c = sized({ bytes: undefined, count: undefined });
    expect(await sizes(a.union(c).distinct())).toEqual({
      partitions: [16, undefined],
      counts: [undefined, 16],
    });
  });

  it('are as many as the option says', async () => {
    const dataset = range(4e9)
      .flatMap(double)
      .distinct()
      .sortBy((n) => n);
    expect(await sizes(dataset as never, { partitions: 3 })).toEqual({
      partitions: [3, 3, undefined],
      counts: [Math.ceil(4e9 / 2 ** 20), 3, 3],
    });
  });
});

describe('the chunks of a stage', () => {
  it('are those of its sources, as the options cut them', async () => {
    const dataset = range(1000).union(range(100)) as never;
    expect((await sizes(dataset)).counts).toEqual([1100]);
    expect((await sizes(dataset, { chunkSize: 100 })).counts).toEqual([11]);
  });

  it('are of no known number where a source is pulled', async () => {
    const pulled = from(new Set([1, 2]));
    expect((await sizes(pulled as never)).counts).toEqual([undefined]);
    expect((await sizes(range(5).union(pulled) as never)).counts).toEqual([undefined]);
    // What comes after a shuffle is known all the same.
    expect(await sizes(pulled.distinct() as never)).toEqual({
      partitions: [16, undefined],
      counts: [undefined, 16],
    });
  });

  it('tell how many records each has at least, where that is known', async () => {
    const records = async (dataset: unknown) =>
      (await cut(dataset as never)).stages.map((s) => s.chunkRecords);
    expect(await records(range(1024 * 5).union(from([1, 2])))).toEqual([1]);
    expect(await records(range(1024 * 5).distinct())).toEqual([5, Infinity]);
  });

  it('tell how many bytes of files each has, where that is known', async () => {
    const bytes = async (dataset: Dataset<never>) => (await cut(dataset)).stages.map((s) => s.chunkBytes);
    const file = sized({ bytes: 1000, count: 10 });
    expect(await bytes(file.distinct())).toEqual([100, undefined]);
    expect(await bytes(file.union(sized({ bytes: 200, count: 2 })))).toEqual([100]);
    expect(await bytes(file.union(file.distinct()))).toEqual([100, undefined]);
    expect(await bytes(file.union(range(5) as never))).toEqual([undefined]);
    expect(await bytes(sized({ bytes: 0, count: 0 }))).toEqual([undefined]);
    expect(await bytes(sized({ bytes: undefined, count: 2 }))).toEqual([undefined]);
  });

  it('of a dataset that is used twice are cut once', async () => {
    const counted = range(64).countByValue();
    const { stages } = await cut(counted.union(counted) as never, { partitions: 4 });
    expect(stages.map(({ count, isLast }) => [count, isLast])).toEqual([
      [64, false],
      [8, true],
    ]);
  });
});

describe('the sources of a plan', () => {
  /** An async source, and how often it was returned. */
  function returned() {
    const calls = { return: 0 };
    const iterator = {
      next: async () => Promise.resolve({ done: true as const, value: 0 }),
      return: async () => Promise.resolve({ done: true as const, value: (calls.return += 1) }),
    };
    return { dataset: from({ [Symbol.asyncIterator]: () => iterator }), calls };
  }

  it('that are open are returned when another one is not there', async () => {
    const { dataset, calls } = returned();
    const missing = dataset.union(textLines('/nowhere/at-all.txt') as never);
    await expect(cut(missing as never)).rejects.toThrow(SourceError);
    expect(calls.return).toBe(1);
  });

  it('that are open are returned in the end', async () => {
    const { dataset, calls } = returned();
    {
      await using plan = await cut(dataset as never);
      expect(plan.stages).toHaveLength(1);
      expect(calls.return).toBe(0);
    }
    expect(calls.return).toBe(1);
  });
});
