import type { TaskDone } from './reply.js';

/** What a run has of a task, in the end. */
export interface TaskResult extends Omit<TaskDone, 'ok' | 'more' | 'usage' | 'covered'> {
  /** Has the task go on, where this is a part of what it gives; to be called when the part is taken. */
  readonly goOn?: () => void;
  /** How many chunks it covers. */
  readonly chunks: number;
  /** Whether a checkpoint had it. */
  readonly isRestored?: boolean;
}
