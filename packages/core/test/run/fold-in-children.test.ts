import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldPartials, type PartialResult } from '../../src/fold/partial-result.js';
import { foldingOf } from '../../src/run/fold-in-children.js';
import { Blame } from '../../src/task/blame/blame.js';
import { Functions } from '../../src/task/functions.js';
import { foldOn } from '../../src/task/sinks/fold.js';
import { decode, encode } from '../../src/values/codec.js';
import { done, fakePool, runnerOf } from './fake-runner.js';

const show = (a: unknown, b: unknown): string => `(${String(a)} ${String(b)})`;
const sink = { kind: 'reduce', fn: 0 } as const;

/** A pool that folds in this process, and notes what it is sent. */
const foldingPool = (sent: number[]) =>
  fakePool(({ fold }) => {
    sent.push(fold!.partials.length);
    const calls = { functions: new Functions([show]), blame: new Blame() };
    return { kind: 'reply', reply: { ...done, value: foldOn(fold!, sink, calls) } };
  });

async function foldAll(partials: readonly { value: PartialResult; size: number }[], sent: number[] = []) {
  const { signal } = new AbortController();
  const folding = foldingOf(sink, { runner: runnerOf(foldingPool(sent)), stage: 0, signal })!;
  for (const { value, size } of partials) await folding.push({ value: encode(value, 'value'), size });
  const result = await folding.result();
  return result && decode(result);
}

it('folds along the tree of the run, whatever the lengths of the spans, and whatever is large', async () => {
  const span = fc.record({ level: fc.nat({ max: 5 }), isEmpty: fc.boolean(), isLarge: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 300 }), async (spans) => {
      const expected = foldPartials(show);
      const partials: { value: PartialResult; size: number }[] = [];
      let at = 0;
      for (const { level, isEmpty, isLarge } of spans) {
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
