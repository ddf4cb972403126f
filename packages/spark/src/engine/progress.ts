import type { Books, CutPlan } from '@forkfold/core/engine';
import type { ExecutionProgress } from '../client/messages.js';

/** What Spark tells of a run while it goes on. */
export interface SparkProgress {
  /** Takes what Spark says of the query that runs; a run has several where it sorts. */
  readonly take: (told: ExecutionProgress) => void;
  /** Stages that were seen so far, and the tasks of them. */
  seen(): { readonly stages: number; readonly tasks: number };
}

/** Tells the observers of a run how far Spark is, stage by stage, never backwards: its tasks are the chunks that it counts. */
export function progressOf(
  { observer }: Books,
  { stages: { length: stages } }: CutPlan,
  processes: number,
): SparkProgress {
  const seen = new Map<number, { readonly tasks: number; readonly bytes: number }>();
  let last = { stage: 0, chunks: 0 };
  const take = ({ stages: told, num_inflight_tasks: busy }: ExecutionProgress): void => {
    for (const { stage_id: id, num_tasks: tasks, input_bytes_read: read } of told) {
      seen.set(id, { tasks, bytes: Math.max(seen.get(id)?.bytes ?? 0, read) });
    }
    const current = told.find(({ done }) => !done) ?? told.at(-1);
    if (current === undefined) return;
    const done = told.filter((stage) => stage.done).length;
    const { num_completed_tasks: chunks, num_tasks: tasks } = current;
    const stage = Math.min(stages, done + 1);
    // Another query of the run counts its stages from the first one again, and Spark may have more stages than the plan.
    if (stage < last.stage || (stage === last.stage && chunks < last.chunks)) return;
    last = { stage, chunks };
    const bytes = [...seen.values()].reduce((sum, own) => sum + own.bytes, 0);
    observer.away({
      stage,
      stages,
      chunks,
      totalChunks: Math.max(tasks, chunks),
      bytes,
      busy,
      processes,
    });
  };
  return {
    take,
    seen: () => ({
      stages: seen.size,
      tasks: [...seen.values()].reduce((sum, { tasks }) => sum + tasks, 0),
    }),
  };
}
