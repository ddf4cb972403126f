import { isThenable } from '../values/thenable.js';
import type { RunObserver } from './observer.js';
import { progressLine, type Progress } from './progress.js';
import { now } from '../timers.js';

/**
 * Tells the option `progress` how far a run is, after every task. What a function of the user's throws is thrown.
 *
 * @param onRejection Is told what a promise that the function has returned rejects with.
 */
export function progressTeller(
  progress: true | ((progress: Progress) => unknown),
  onRejection: (reason: unknown) => void,
): RunObserver {
  const started = now();
  const line = progress === true ? progressLine() : undefined;
  const tell = line ?? (progress as (progress: Progress) => unknown);
  let stage: Pick<Progress, 'stage' | 'stages' | 'totalChunks'> = {
    stage: 0,
    stages: 0,
    totalChunks: undefined,
  };
  let [chunks, records] = [0, 0];
  let isInput = true;
  return {
    stage({ number, stages, stage: { branches }, chunks: totalChunks }) {
      stage = { stage: number + 1, stages, totalChunks };
      chunks = 0;
      // Records of a later stage were counted when they were read.
      isInput = branches.some(({ from }) => 'source' in from);
    },
    task({ result, skipped }) {
      chunks += result.chunks;
      if (isInput) records += result.records;
      const seconds = (now() - started) / 1000;
      const told = tell({ ...stage, chunks, records, skipped, seconds });
      if (isThenable(told)) told.then(undefined, onRejection);
    },
    end: () => line?.end(),
  };
}
