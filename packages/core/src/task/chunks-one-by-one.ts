import type { TaskChunk, TaskMessage } from '../protocol/task-message.js';
import { now } from '../timers.js';
import type { Blame } from './blame/blame.js';
import type { ChunkWork } from './chunk-work.js';

/** Whether a task is to end once so many of its chunks are done. */
export type IsOver = (done: number) => boolean;

/** Works on the chunks of a task, each to its end. Gives how many were done: not all, where the task is over before. */
export async function chunksOneByOne(
  chunks: readonly TaskChunk[],
  work: ChunkWork,
  blame: Blame,
  isOver: IsOver | undefined,
): Promise<number> {
  let done = 0;
  for (const chunk of chunks) {
    blame.chunk = chunk.number;
    const pending = work.run(chunk, work.receiver(chunk), blame);
    if (pending !== undefined) await pending;
    work.end();
    done += 1;
    if (isOver?.(done) === true) return done;
  }
  return done;
}

/** Ends a task once its budget is spent, where one of its extents does, if it has any; undefined where it has no budget. */
export function budgetOf({
  budget,
  extents = [],
}: Pick<TaskMessage, 'budget' | 'extents'>): IsOver | undefined {
  if (budget === undefined) return undefined;
  const end = now() + 1000 * budget;
  let sum = 0;
  const ends = new Set(extents.map((length) => (sum += length)));
  return (done) => now() > end && (ends.size === 0 || ends.has(done));
}
