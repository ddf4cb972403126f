import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldPartials, type PartialResult } from '../../src/fold/partial-result.js';

const show = (a: unknown, b: unknown): string => `(${String(a)} ${String(b)})`;

function foldAll(partials: readonly PartialResult[]): PartialResult {
  const fold = foldPartials(show);
  for (const partial of partials) fold.push(partial);
  return fold.result();
}

it('folds as a balanced tree in which empty chunks have their place', () => {
  expect(foldAll([['a'], ['b'], ['c'], ['d'], ['e']])).toEqual(['(((a b) (c d)) e)']);
  expect(foldAll([['a'], [], ['c'], ['d'], []])).toEqual(['(a (c d))']);
  expect(foldAll([[], []])).toEqual([]);
});

it('gives the same tree however aligned runs of chunks are folded on their own', () => {
  const chunks = fc.array(fc.boolean(), { minLength: 1, maxLength: 70 });
  fc.assert(
    fc.property(chunks, fc.array(fc.nat({ max: 6 }), { minLength: 1 }), (filled, wishes) => {
      const partials = filled.map((isFilled, i): PartialResult => (isFilled ? [`${i}`] : []));
      const fold = foldPartials(show);
      let runs = 0;
      for (let at = 0; at < partials.length;) {
        let size = 2 ** wishes[runs++ % wishes.length]!;
        while (at % size !== 0 || at + size > partials.length) size /= 2;
        fold.push(foldAll(partials.slice(at, at + size)), size);
        at += size;
      }
      expect(fold.result()).toEqual(foldAll(partials));
    }),
  );
});
