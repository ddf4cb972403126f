import type { StageDetails } from '@forkfold/core';
import type { Bars } from './page-data.js';
import { inTime } from './words.js';

/** Bars of a distribution, at most. */
const MOST = 24;

/** How many chunks of a stage took how long, on a scale on which a bar is so many times the one before. */
export function timeBars({ chunkTimes }: StageDetails, stage: number): Bars[] {
  const [first, last] = [chunkTimes[0], chunkTimes.at(-1)];
  if (first === undefined || last === undefined || (first === last && first.chunks < 2)) return [];
  const least = Math.log(first.seconds);
  const width = Math.max(Math.log(1.25), (Math.log(last.seconds) - least) / MOST);
  const number = Math.min(MOST, Math.floor((Math.log(last.seconds) - least) / width) + 1);
  const heights = new Array<number>(number).fill(0);
  for (const { seconds, chunks } of chunkTimes) {
    heights[Math.min(number - 1, Math.floor((Math.log(seconds) - least) / width))]! += chunks;
  }
  const labels = heights.map((_, i) => inTime(Math.exp(least + (i + 0.5) * width)));
  return [{ id: `times-${stage + 1}`, labels, heights }];
}
