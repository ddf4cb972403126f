import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeThrown } from '../../src/values/error-codec.js';
import type { WireStage } from '../../src/plan/compiled-plan.js';
import type { TaskReply } from '../../src/protocol/reply.js';
import { range, rangeSource } from '../../src/source/range.js';
import type { Cut } from '../../src/source/source.js';
import { Functions } from '../../src/task/functions.js';
import { runTask } from '../../src/task/run-task.js';
import { decode } from '../../src/values/codec.js';
import { descriptionOf } from '../child/descriptions.js';
import { contextOf } from './contexts.js';

/** More than may be under way at once; each that the sink refuses has all done anew. */
const COUNT = 40;

/** How long a call takes: it may be over at once, or let others go first. */
const waits: readonly (() => Promise<unknown>)[] = [
  async () => Promise.resolve(),
  async () => new Promise((resolve) => setImmediate(resolve)),
  async () => new Promise((resolve) => setTimeout(resolve, 1)),
];

interface Case {
  readonly chunkSize: number;
  readonly concurrency: number;
  /** For each record, modulo their number, which of `waits` it takes. */
  readonly delays: readonly number[];
  readonly badForVerb: (n: number) => boolean;
  readonly badForSink: (n: number) => boolean;
}

/** A task of the first numbers: an asynchronous function, and a sink that gathers them, each of which may throw. */
async function work(given: Case, maxSkipped: number): Promise<TaskReply> {
  const { chunkSize, concurrency, delays, badForVerb, badForSink } = given;
  const call = async (n: number): Promise<number> => {
    await waits[delays[n % delays.length]!]!();
    if (badForVerb(n)) throw new RangeError(`verb ${n}`);
    return n;
  };
  const gather = {
    zero: (): number[] => [],
    add(all: number[], n: number): number[] {
      if (badForSink(n)) throw new RangeError(`sink ${n}`);
      return [...all, n];
    },
    merge: (a: number[], b: number[]): number[] => [...a, ...b],
  };
  const stage: WireStage = {
    branches: [
      { ops: [{ verb: 'mapAsync', fn: 1, concurrency }], tag: 0, from: { source: 'range', reader: 0 } },
    ],
    sink: { kind: 'aggregate', verb: 'aggregate', fn: 2 },
  };
  const description = descriptionOf({ stages: [stage] });
  const limits = { ...description.limits, maxSkipped };
  const { chunks } = rangeSource(0, COUNT, 1).cut({ chunkSize }) as Cut;
  return runTask(
    {
      run: 'run',
      stage: 0,
      name: '0-0',
      chunks: Array.from(chunks as Iterable<object>, (source, number) => ({ number, branch: 0, source })),
    },
    { description: { ...description, limits }, functions: new Functions([range, call, gather]) },
    contextOf([]).place,
  );
}

const numbers = Array.from({ length: COUNT }, (_, n) => n);

const every = fc.integer({ min: 2, max: 12 }).map((step) => (n: number) => n % step === 1);
const cases: fc.Arbitrary<Case> = fc.record({
  chunkSize: fc.integer({ min: 1, max: 7 }),
  concurrency: fc.integer({ min: 1, max: 20 }),
  delays: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 5 }),
  badForVerb: every,
  badForSink: every,
});

it('leaves out the records that fail, each once, and no other, whatever calls take', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const { badForVerb, badForSink } = given;
      const reply = await work(given, 1000);
      const kept = numbers.filter((n) => !badForVerb(n) && !badForSink(n));
      expect(reply).toMatchObject({ ok: true });
      if (!reply.ok) return;
      expect(decode(reply.value as Uint8Array)).toEqual([kept]);
      const { count, records } = reply.skipped;
      expect(count).toBe(COUNT - kept.length);
      const told = records.map(({ index, preview, verb, error }) => [index, preview, verb, error]);
      const expected = numbers.flatMap((n) => {
        if (badForVerb(n)) return [[n, String(n), 'mapAsync', `RangeError: verb ${n}`]];
        return badForSink(n) ? [[n, String(n), 'aggregate', `RangeError: sink ${n}`]] : [];
      });
      expect(told.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

it('fails with the first chunk that does, and names its record and its function', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const { badForVerb, badForSink, chunkSize } = given;
      const reply = await work(given, 0);
      const { failure } = reply as Extract<TaskReply, { ok: false }>;
      if (failure.kind !== 'task') throw new Error(`A failure of another kind: ${failure.kind}`);
      const { index = -1 } = failure.position;
      // Calls end in any order, but records reach the sink in their own.
      const [bad] = numbers.filter((n) => badForVerb(n) || badForSink(n));
      expect(index).toBe(bad);
      const isOfVerb = badForVerb(bad!);
      expect(failure).toMatchObject({
        verb: isOfVerb ? 'mapAsync' : 'aggregate',
        chunk: Math.floor(bad! / chunkSize),
        preview: String(bad),
        thrown: { summary: encodeThrown(new RangeError(`${isOfVerb ? 'verb' : 'sink'} ${bad}`)).summary },
      });
    }),
    { numRuns: 60 },
  );
});

it('counts the records of all chunks', async () => {
  const never = (): boolean => false;
  const reply = await work(
    { chunkSize: 4, concurrency: 9, delays: [0, 2, 1], badForVerb: never, badForSink: never },
    0,
  );
  expect(reply).toMatchObject({
    ok: true,
    records: COUNT,
    emitted: { records: COUNT },
    skipped: { count: 0 },
  });
});
