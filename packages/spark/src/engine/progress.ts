import { progressLine, type CutPlan, type Settings } from '@forkfold/core/engine';
import type { ExecutionProgress } from '../client/messages.js';

/**
 * Tells the option `progress` how far Spark is: its tasks are the chunks that it counts, until all is told in the end. The line
 * of `progress: true` is for a terminal.
 */
export function progressOf(
  { progress }: Settings,
  { stages }: CutPlan,
): ((told: ExecutionProgress) => void) | undefined {
  if (progress === undefined || progress === false) return undefined;
  const started = performance.now();
  const tell = progress === true ? progressLine() : progress;
  return ({ stages: told }) => {
    const done = told.filter((stage) => stage.done).length;
    const current = told.find((stage) => !stage.done) ?? told.at(-1);
    if (current === undefined) return;
    tell({
      stage: Math.min(stages.length, done + 1),
      stages: stages.length,
      chunks: current.num_completed_tasks,
      totalChunks: current.num_tasks,
      records: 0,
      skipped: 0,
      seconds: (performance.now() - started) / 1000,
      bytes: 0,
      share: current.num_tasks === 0 ? 1 : current.num_completed_tasks / current.num_tasks,
      eta: undefined,
      busy: 0,
      processes: 0,
      retries: 0,
      spilledBytes: 0,
      childBytes: 0,
      restored: 0,
      counters: {},
    });
  };
}
