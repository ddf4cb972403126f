import type { TaskDone } from './reply.js';

/** What a run has of a task, in the end. */
export interface TaskResult extends Omit<TaskDone, 'ok'> {
  /** How many chunks it covers. */
  readonly chunks: number;
}
