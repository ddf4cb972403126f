import type { CutPlan, Settings } from '@forkfold/core/engine';
import type { ExecutionProgress } from '../client/messages.js';

/** Tells the option `progress` how far Spark is: its tasks are the chunks that it counts. */
export function progressOf(
  { progress }: Settings,
  { stages }: CutPlan,
): ((told: ExecutionProgress) => void) | undefined {
  if (progress === undefined || progress === false) return undefined;
  const started = performance.now();
  const tell = progress === true ? (line: string): void => void process.stderr.write(`${line}\n`) : undefined;
  return ({ stages: told }) => {
    const done = told.filter((stage) => stage.done).length;
    const current = told.find((stage) => !stage.done) ?? told.at(-1);
    if (current === undefined) return;
    const seconds = (performance.now() - started) / 1000;
    const now = {
      stage: Math.min(stages.length, done + 1),
      stages: stages.length,
      chunks: current.num_completed_tasks,
      totalChunks: current.num_tasks,
      records: 0,
      skipped: 0,
      seconds,
    };
    if (tell === undefined) (progress as (told: typeof now) => void)(now);
    else
      tell(
        `stage ${now.stage}/${now.stages}, task ${now.chunks}/${now.totalChunks} of Spark, ${seconds.toFixed(1)} s`,
      );
  };
}
