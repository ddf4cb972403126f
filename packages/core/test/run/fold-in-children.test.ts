import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldPartials, type PartialResult } from '../../src/fold/partial-result.js';
import { checkOptions } from '../../src/options/run-options.js';
import type { Outcome, Pool, Slot } from '../../src/pool/pool.js';
import { foldingOf } from '../../src/run/fold-in-children.js';
import { decode, encode } from '../../src/values/codec.js';
import { foldOn } from '../../src/task/sinks/fold.js';

const cursor = { verb: '', fn: -1, batch: undefined, i: 0, ordinal: 0, records: 0, done: false };
const show = (a: unknown, b: unknown): string => `(${String(a)} ${String(b)})`;
const sink = { kind: 'reduce', fn: 0 } as const;

/** A pool whose slot folds in this process, and counts what it is sent. */
function foldingPool(sent: number[]): Pool {
  const slot: Slot = {
    run(task) {
      sent.push(task.fold!.partials.length);
      const value = foldOn(task.fold!, sink, [show], cursor);
      const emitted = { records: 0, bytes: 0 };
      const skipped = { count: 0, records: [] };
      const disk = { written: 0, peak: 0, kept: 0 };
      const reply = { ok: true, value, records: 0, emitted, seconds: 0, skipped, rss: 0, disk } as const;
      return Promise.resolve<Outcome>({ kind: 'reply', reply });
    },
  };
  return { size: 1, acquire: () => Promise.resolve(slot), release: () => undefined } as unknown as Pool;
}

async function foldAll(partials: readonly { value: PartialResult; size: number }[], sent: number[] = []) {
  const { signal } = new AbortController();
  const settings = checkOptions({});
  const folding = foldingOf(sink, { run: '', stage: 0, pool: foldingPool(sent), settings, signal })!;
  for (const { value, size } of partials) await folding.push({ value: encode(value, 'value'), size });
  const result = await folding.result();
  return result && decode(result);
}

it('folds along the tree of the run, whatever the lengths of the runs of chunks, and whatever is large', async () => {
  const run = fc.record({ level: fc.nat({ max: 5 }), isEmpty: fc.boolean(), isLarge: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 300 }), async (runs) => {
      const expected = foldPartials(show);
      const partials: { value: PartialResult; size: number }[] = [];
      let at = 0;
      for (const { level, isEmpty, isLarge } of runs) {
        let size = 2 ** level;
        while (at % size !== 0) size /= 2;
        const value: PartialResult = isEmpty ? [] : [isLarge ? `${at}`.repeat(20_000) : `${at}`];
        expected.push(value, size);
        partials.push({ value, size });
        at += size;
      }
      expect(await foldAll(partials)).toEqual(expected.result());
    }),
    { numRuns: 50 },
  );
});

it('sends each partial result a few times only', async () => {
  const sent: number[] = [];
  await foldAll(
    Array.from({ length: 10_000 }, (_, i) => ({ value: [i] as const, size: 1 })),
    sent,
  );
  expect(sent.length).toBeLessThan(170);
  expect(sent.reduce((a, b) => a + b)).toBeLessThan(13_000);
});

it('asks no child where there is one partial result, or none', async () => {
  const sent: number[] = [];
  expect(await foldAll([], sent)).toBeUndefined();
  expect(await foldAll([{ value: [1], size: 4 }], sent)).toEqual([1]);
  expect(sent).toEqual([]);
});
