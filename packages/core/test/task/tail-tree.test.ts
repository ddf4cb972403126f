import { expect, it } from '@jest/globals';
import type { Op } from '../../src/plan/verbs.js';
import { tailTree } from '../../src/task/tail-tree.js';

const map = (fn: number): Op<number> => ({ verb: 'map', fn });
const sample = (seed: number): Op<number> => ({ verb: 'sample', fraction: 0.5, seed });

it('has what verbs begin with in common once, as deep as it goes', () => {
  const tree = tailTree([
    { ops: [map(1), map(2), sample(1)], end: 0 },
    { ops: [map(1), map(2)], end: 1 },
    { ops: [map(1), map(3)], end: 2 },
    { ops: [map(1), map(2), sample(2)], end: 3 },
  ]);
  expect(tree).toEqual({
    ops: [map(1)],
    ends: [],
    next: [
      {
        ops: [map(2)],
        ends: [1],
        next: [
          { ops: [sample(1)], ends: [0], next: [] },
          { ops: [sample(2)], ends: [3], next: [] },
        ],
      },
      { ops: [map(3)], ends: [2], next: [] },
    ],
  });
});

it('has stages that are alike end at the same place', () => {
  const all = [0, 1].map((end) => ({ ops: [map(1)], end }));
  expect(tailTree(all)).toEqual({ ops: [map(1)], ends: [0, 1], next: [] });
  expect(tailTree([{ ops: [], end: 0 }])).toEqual({ ops: [], ends: [0], next: [] });
});
