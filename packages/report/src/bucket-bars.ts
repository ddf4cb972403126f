import type { StageDetails } from '@forkfold/core';
import type { Bars } from './page-data.js';
import { inNumbers } from './words.js';

/** Bars of a drawing, at most. */
const MOST = 200;

/** The sizes of a stage's buckets, the largest first; of many, the largest of each group of neighbours. */
export function bucketBars({ bucketBytes }: StageDetails, stage: number): Bars[] {
  if (bucketBytes.length < 2) return [];
  const sorted = [...bucketBytes].sort((a, b) => b - a);
  const group = Math.ceil(sorted.length / MOST);
  const shown = sorted.map((bytes, i) => [i, bytes] as const).filter(([i]) => i % group === 0);
  return [
    {
      id: `buckets-${stage + 1}`,
      labels: shown.map(([i]) => inNumbers(i + 1)),
      heights: shown.map(([, bytes]) => bytes),
    },
  ];
}
