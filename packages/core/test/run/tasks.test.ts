import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodeIn, type Dataset } from '../../src/api/dataset.js';
import { from, range } from '../../src/api/from.js';
import type { Segment } from '../../src/blocks/segment.js';
import { checkOptions } from '../../src/options/check-options.js';
import type { RunOptions } from '../../src/options/run-options.js';
import { compile } from '../../src/plan/compile.js';
import { refer, type PlanFunction } from '../../src/plan/function-ref.js';
import type { Sink } from '../../src/plan/node.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import { alignedSpans } from '../../src/run/aligned-spans.js';
import { cutPlan } from '../../src/run/cut-plan.js';
import { StageOutputs } from '../../src/run/stage-outputs.js';
import type { Pace } from '../../src/run/task-length.js';
import { chunksOf, fixedSpan, tasksOf, type StageTasks } from '../../src/run/tasks.js';

type SinkOf = Sink<PlanFunction>;
const collect: SinkOf = { kind: 'collect' };
const count: SinkOf = { kind: 'count' };
const write: SinkOf = {
  kind: 'write',
  verb: 'writeText',
  fn: refer('writeText', () => 0),
  gzip: false,
  target: '/out',
};

/** The tasks of stage `number`, of which earlier ones have written buckets of so many bytes; 0 for empty ones. */
async function open(
  dataset: Dataset<never>,
  sink: SinkOf,
  options: RunOptions = {},
  { number = 0, buckets = [] as readonly number[] } = {},
) {
  const settings = checkOptions({ processes: 2, ...options });
  const { stages } = await cutPlan(compile(nodeIn(dataset), sink), settings);
  const outputs = new StageOutputs(stages.map(({ wire }) => wire));
  const segments = buckets.flatMap((length, bucket): Segment[] =>
    length === 0 ? [] : [{ bucket, entries: 1, length, file: '/spilled', offset: 0 }],
  );
  outputs.add(0, { segments, entries: segments.length, bytes: 0, spilledBytes: 0 });
  const stage = stages[number]!;
  return { ...tasksOf('the run', stage, chunksOf(stage, outputs), settings), stage };
}

type Opened = StageTasks;

/** All tasks, each of which is done as soon as it is there, and takes so many seconds a chunk. */
async function all({ tasks, pace }: Opened, seconds?: number): Promise<TaskMessage[]> {
  const found: TaskMessage[] = [];
  for (let step = await tasks.next(); step.done !== true; step = await tasks.next()) {
    const task = step.value;
    found.push(task);
    const chunks = task.chunks.length;
    if (seconds !== undefined) pace.observe({ chunks, seconds: chunks * seconds });
  }
  expect(found.flatMap(({ chunks }) => chunks.map(({ number }) => number))).toEqual(
    found.flatMap(({ chunks }) => chunks).map((_, i) => i),
  );
  return found;
}

const lengths = (tasks: readonly TaskMessage[]): number[] => tasks.map(({ chunks }) => chunks.length);

const lengthsOf = async (...[dataset, sink, options, how]: Parameters<typeof open>): Promise<number[]> =>
  lengths(await all(await open(dataset, sink, options, how), 1e-6));

/** The chunks of each extent, of which a task may take several. */
const extents = (tasks: readonly TaskMessage[]): number[] =>
  tasks.flatMap((task) => task.extents ?? [task.chunks.length]);

const extentsOf = async (...[dataset, sink, options]: Parameters<typeof open>): Promise<number[]> =>
  extents(await all(await open(dataset, sink, options), 1e-6));

const numbers = (chunks: number): Dataset<never> => range(chunks).map((n) => n) as unknown as Dataset<never>;

describe('tasks', () => {
  it('number their chunks across all branches, and are named by the first', async () => {
    const dataset = range(2)
      .union(from(['a']))
      .map((record) => record) as unknown as Dataset<never>;
    const tasks = await all(await open(dataset, collect));
    expect(tasks).toMatchObject([
      {
        run: 'the run',
        stage: 0,
        name: '0-0',
        chunks: [{ number: 0, branch: 0, source: { kind: 'range', first: 0 } }],
      },
      { name: '0-1', chunks: [{ number: 1, branch: 0, source: { first: 1 } }] },
      { name: '0-2', chunks: [{ number: 2, branch: 1, source: { kind: 'items', first: 0 } }] },
    ]);
  });

  it('of no chunks are none', async () => {
    expect(await all(await open(numbers(0), collect))).toEqual([]);
    expect(await all(await open(numbers(0), write))).toEqual([]);
  });

  it('that fold are subtrees of the tree of the run, whatever chunks take', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 1024 }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        async (chunks, seconds) => {
          let at = 0;
          const wrong: object[] = [];
          for (const length of lengths(await all(await open(numbers(chunks), count), seconds))) {
            if (!Number.isInteger(Math.log2(length)) || at % length !== 0) wrong.push({ at, length });
            at += length;
          }
          expect(wrong).toEqual([]);
          expect(at).toBe(chunks);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('that fold or collect begin with one chunk, have many quick ones later, and fewer slow ones at the end', async () => {
    for (const sink of [count, collect]) {
      const found = lengths(await all(await open(numbers(1024), sink), 1e-3));
      expect(found[0]).toBe(1);
      expect(Math.max(...found)).toBeGreaterThan(30);
      expect(found.at(-1)).toBe(1);
    }
  });

  it('for which no function is called are long from the first on', async () => {
    const words = from(Array.from({ length: 100 }, (_, i) => `word ${i % 7}`));
    const first = async (dataset: Dataset<never>, sink: SinkOf, options?: RunOptions): Promise<number> =>
      lengths(await all(await open(dataset, sink, options)))[0]!;
    expect(await first(words.countByValue() as never, collect)).toBe(100);
    expect(await first(words.distinct() as never, collect)).toBe(100);
    expect(await first(words as never, collect)).toBe(100);
    expect(await first(words.distinct((word) => word) as never, collect)).toBe(1);
    expect(await first(words.map((word) => word).countByValue() as never, collect)).toBe(1);
    for (const option of [{ timeout: 1000 }, { chunkSize: 1 }]) {
      expect(await first(words.countByValue() as never, collect, option)).toBe(1);
    }
    // Who pulls an iterable may want no more of it.
    expect(await first(from(new Set([1, 2, 3])) as never, collect)).toBe(1);
    // Those of many records are as many as processes need.
    const numbers = from(Float64Array.from({ length: 1_000_000 }, (_, i) => i));
    expect(await first(numbers.countByValue() as never, collect)).toBe(256);
  });

  it('of slow chunks have one each', async () => {
    for (const sink of [count, collect]) {
      expect(new Set(lengths(await all(await open(numbers(200), sink), 1)))).toEqual(new Set([1]));
    }
  });

  it('that may end early have one chunk each, so that nothing is read in vain', async () => {
    expect(new Set(await lengthsOf(numbers(200), { kind: 'collect', limit: 5 }))).toEqual(new Set([1]));
  });

  it.each<RunOptions>([
    { timeout: 1000 },
    { tasksPerProcess: 3 },
    { checkpoint: '/kept' },
    { bufferSize: 8 },
  ])('have one chunk each where an option speaks of single chunks: %p', async (options) => {
    for (const sink of [count, collect]) {
      expect(new Set(await lengthsOf(numbers(300), sink, options))).toEqual(new Set([1]));
    }
    // Where the extent of a task shows in the result, no such option may change it.
    const counted = range(1024).countByValue() as unknown as Dataset<never>;
    expect(new Set(await lengthsOf(counted, collect, options))).toEqual(new Set([8]));
    expect(new Set(await lengthsOf(numbers(1024), write, options))).toEqual(new Set([8]));
  });
});

describe('extents, which show in the result', () => {
  const summed = (dataset: Dataset<number>): Dataset<never> =>
    dataset.keyBy((n) => n % 7).reduceByKey((a, b) => a + b) as unknown as Dataset<never>;

  it('are about 128 of equally many chunks, whatever these take and however many processes there are', async () => {
    for (const [chunks, length] of [
      [1, 1],
      [128, 1],
      [129, 2],
      [256, 2],
      [1000, 8],
    ] as const) {
      for (const options of [{ processes: 0 }, { processes: 64 }, { timeout: 5 }]) {
        for (const seconds of [1e-6, 10]) {
          for (const opened of [
            await open(summed(range(chunks)), collect, options),
            await open(numbers(chunks), write, options),
          ]) {
            const found = extents(await all(opened, seconds));
            expect(new Set(found.slice(0, -1))).toEqual(new Set(found.length > 1 ? [length] : []));
            expect(found).toHaveLength(Math.ceil(chunks / length));
          }
        }
      }
    }
  });

  it('end with their branch, so that one source does not change how another is cut', async () => {
    const two = range(5).union(range(300));
    expect((await extentsOf(summed(two), collect)).slice(0, 4)).toEqual([4, 1, 4, 4]);
    expect(await extentsOf(summed(two), collect)).toHaveLength(2 + 75);
  });

  it('share a task where they are quick, so that a small job is a few messages', async () => {
    const quick = await all(await open(summed(range(100)), collect), 1e-6);
    expect(lengths(quick)).toEqual([1, 99]);
    expect(quick[1]!.extents).toEqual(Array(99).fill(1));
    expect(new Set(lengths(await all(await open(summed(range(100)), collect), 1)))).toEqual(new Set([1]));
    const singly = await all(await open(summed(range(100)), collect, { timeout: 1000 }), 1e-6);
    expect(lengths(singly)).toEqual(Array(100).fill(1));
    expect(singly[0]).not.toHaveProperty('extents');
    // A part of an output is what one task writes.
    expect(new Set(lengths(await all(await open(numbers(100), write), 1e-6)))).toEqual(new Set([1]));
  });

  it('grow with their position where the number of chunks is not known', async () => {
    function* pulled(): Generator<number> {
      for (let n = 0; n < 3000; n += 1) yield n;
    }
    const found = await extentsOf(summed(from(pulled)), collect, { chunkSize: 1 });
    let at = 0;
    for (const length of found.slice(0, -1)) {
      expect(length).toBe(2 ** Math.max(0, Math.floor(Math.log2(at / 128))));
      at += length;
    }
    expect(at + found.at(-1)!).toBe(3000);
    const { stage } = await open(summed(from(pulled)), collect);
    expect(Math.max(...[0, 1e3, 1e6, 1e9].map((chunk) => fixedSpan(stage, chunk)))).toBe(256);
  });

  it('have the chunks that an asynchronous function needs to have its calls under way', async () => {
    const { stage } = await open(
      range(10).mapAsync(async (n) => Promise.resolve(n), { concurrency: 20 }) as unknown as Dataset<never>,
      write,
    );
    const spanOf = (count: number | undefined, chunkRecords: number): number =>
      fixedSpan({ ...stage, count, chunkRecords }, 0);
    expect([spanOf(10, 3), spanOf(undefined, 3), spanOf(4096, 3)]).toEqual([8, 8, 32]);
    expect(spanOf(10, 1000)).toBe(1);
  });

  it('read 8 MiB of files for a keyed verb, if there are twenty of them, and write as many parts as ever', async () => {
    const keyed = (await open(summed(range(5)), collect)).stage;
    const spanOf = (count: number, chunkBytes: number): number =>
      fixedSpan({ ...keyed, count, chunkRecords: undefined, chunkBytes }, 0);
    const [KIB, MIB] = [2 ** 10, 2 ** 20];
    expect([spanOf(10_000, 256 * KIB), spanOf(1024, 512 * KIB), spanOf(1024, 8 * MIB)]).toEqual([128, 16, 8]);
    expect([spanOf(640, 256 * KIB), spanOf(639, 256 * KIB), spanOf(39, 256 * KIB)]).toEqual([32, 16, 1]);
    expect(spanOf(200_000, 4)).toBe(8192);
    expect(fixedSpan({ ...keyed, count: 600, chunkRecords: undefined, chunkBytes: undefined }, 0)).toBe(8);
    const written = (await open(numbers(5), write)).stage;
    expect(fixedSpan({ ...written, count: 300, chunkBytes: 256 * KIB }, 0)).toBe(4);
  });
});

describe('tasks that collect the buckets of a shuffle', () => {
  const MEBIBYTE = 2 ** 20;
  const counted = range(100).countByValue() as unknown as Dataset<never>;
  const bucketsOf = async (buckets: readonly number[], options: RunOptions = {}): Promise<number[]> =>
    lengthsOf(counted, collect, { ...options, partitions: buckets.length }, { number: 1, buckets });

  it('read neighbouring ones until they have 2 MiB', async () => {
    expect(await bucketsOf(Array<number>(8).fill(MEBIBYTE))).toEqual([2, 2, 2, 2]);
    expect(await bucketsOf([100, 100, 100])).toEqual([3]);
    expect(await bucketsOf([3 * MEBIBYTE, 1, 1, 5 * MEBIBYTE, 1])).toEqual([1, 3, 1]);
  });

  it('have empty ones with them, which are no reason for a task', async () => {
    expect(await bucketsOf([0, 0, 0, 0])).toEqual([4]);
    expect(await bucketsOf([0, 3 * MEBIBYTE, 0, 0, 1, 0])).toEqual([4, 2]);
    expect(await bucketsOf([3 * MEBIBYTE, 0, 0])).toEqual([3]);
  });

  it('read one each that holds something where an option speaks of single chunks', async () => {
    for (const options of [{ timeout: 1000 }, { tasksPerProcess: 1 }, { bufferSize: 2 }]) {
      expect(await bucketsOf([1, 1, 0, 1, 0, 0, 1], options)).toEqual([1, 2, 3, 1]);
      expect(await bucketsOf([0, 0, 1, 1], options)).toEqual([3, 1]);
    }
  });

  it('read one each at first where a function may take its time, and as many as are quick then', async () => {
    const slow = counted.map((pair) => pair);
    const opened = await open(
      slow,
      collect,
      { partitions: 40 },
      { number: 1, buckets: [0, 0, ...Array<number>(38).fill(10)] },
    );
    const lengths = (await all(opened, 1e-3)).map(({ chunks }) => chunks.length);
    expect(lengths[0]).toBe(3);
    expect(Math.max(...lengths)).toBeGreaterThan(3);
    expect(lengths.length).toBeGreaterThan(5);
    const single = await open(
      slow,
      collect,
      { partitions: 5, timeout: 1000 },
      { number: 1, buckets: [1, 0, 0, 1, 1] },
    );
    expect((await all(single)).map(({ chunks }) => chunks.length)).toEqual([3, 1, 1]);
  });

  it('of a sort of nothing are none', async () => {
    const sorted = range(100).sortBy((n) => n) as unknown as Dataset<never>;
    const { stages } = await cutPlan(compile(nodeIn(sorted), collect), { partitions: 4 });
    const outputs = new StageOutputs(stages.map(({ wire }) => wire));
    const tasks = await all(tasksOf('the run', stages[1]!, chunksOf(stages[1]!, outputs), checkOptions({})));
    expect(tasks).toEqual([]);
  });
});

describe('tasks of a source that is pulled', () => {
  /** A source that gives so many items, and then nothing until it is returned. */
  function hanging(items: number) {
    const calls = { returned: 0 };
    const end = { done: true, value: undefined } as const;
    let settle = (_: typeof end): void => undefined;
    const waiting = new Promise<typeof end>((resolve) => (settle = resolve));
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: async () => (items-- > 0 ? Promise.resolve({ done: false as const, value: 1 }) : waiting),
        async return() {
          calls.returned += 1;
          settle(end);
          return Promise.resolve(end);
        },
      }),
    };
    return { dataset: from(source) as unknown as Dataset<never>, calls };
  }

  /** Chunks are quick, and so many have been seen that as many may be pulled ahead. */
  const quick = (pace: Pace): void => pace.observe({ chunks: 1000, seconds: 1e-3 });

  it('do not wait for a chunk that is long in coming', async () => {
    const { dataset, calls } = hanging(3);
    const { tasks, pace } = await open(dataset, collect, { chunkSize: 1 });
    quick(pace);
    const first = await tasks.next();
    expect(lengths([first.value as TaskMessage])).toEqual([3]);
    const next = tasks.next();
    await tasks.return();
    expect(calls.returned).toBe(1);
    expect((await next).done).toBe(true);
  });

  it('hold no more bytes than 2 MiB and a chunk', async () => {
    const items = Array.from({ length: 12 }, () => 'x'.repeat(900_000));
    const { tasks, pace } = await open(
      from(new Set(items.map((text, i) => text + String(i)))) as never,
      collect,
      {
        chunkSize: 1,
      },
    );
    quick(pace);
    expect(lengths(await all({ tasks, pace }))).toEqual([3, 3, 3, 3]);
  });

  it('return it when they are returned', async () => {
    let returned = 0;
    function* pulled(): Generator<number> {
      try {
        for (;;) yield 1;
      } finally {
        returned += 1;
      }
    }
    const { tasks } = await open(from(pulled) as never, count);
    await tasks.next();
    await tasks.return();
    expect(returned).toBe(1);
  });
});

it('spans are subtrees: powers of two, at multiples of themselves, and as long as they can be', () => {
  fc.assert(
    fc.property(fc.nat({ max: 5000 }), fc.nat({ max: 300 }), (first, length) => {
      const chunks = Array.from({ length }, (_, i) => ({ number: first + i }));
      const spans = alignedSpans(chunks);
      expect(spans.flat()).toEqual(chunks);
      for (const span of spans) {
        expect(Number.isInteger(Math.log2(span.length))).toBe(true);
        expect(span[0]!.number % span.length).toBe(0);
      }
      for (const [i, span] of spans.slice(1).entries()) {
        const before = spans[i]!;
        const joins = before.length === span.length && before[0]!.number % (2 * before.length) === 0;
        expect(joins).toBe(false);
      }
    }),
  );
});
