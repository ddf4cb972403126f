import type { DescriptionBytes } from '../protocol/run-description.js';
import type { TaskPulse } from '../protocol/task-usage.js';
import type { TaskReply } from '../protocol/reply.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { CancelSignal } from '../cancellation.js';
import type { Paces } from './paces.js';

/** How the process of a child ended. */
export interface ChildDeath {
  readonly kind: 'died';
  /** What it was doing: starting, loading the functions of a run, or a task. */
  readonly phase: 'boot' | 'load' | 'task';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** An error that it met outside its task. */
  readonly late?: { readonly error: unknown };
  /** Milliseconds that it was given to start or to load, and took longer: another child would too. */
  readonly deadline?: number;
}

/** How a task ended that has stopped in a child which is there no more. */
export const lostTask: ChildDeath = { kind: 'died', phase: 'task', exitCode: null, signal: null };

/** How a task ended. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: TaskReply }
  | ChildDeath
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' };

/** A task, and the description of its run for a child that does not know it yet. */
export interface PoolTask {
  readonly message: TaskMessage;
  readonly description: DescriptionBytes;
  /** The modules that its functions need. Where there are none, loading needs no deadline, nor a message of its own. */
  readonly imports: readonly string[];
}

export interface TaskLimits {
  /** Milliseconds from the task's start in the child. */
  readonly timeout: number | undefined;
  /** Nobody waits for the task any more: its child is killed, but for a warm one that answers within a moment. */
  readonly signal: CancelSignal;
  /** Whether a child that dies in the task has no successor. @default false */
  readonly isOnlyTry?: boolean;
  /** The number of the only slot that will do: its child holds a task that has stopped. */
  readonly slot?: number | undefined;
  /** Is told the number of the slot that the task is on, when its turn has come. */
  readonly onStart?: (slot: number) => void;
  /** Is told how far the task is, a few times a second, where the run is watched. */
  readonly onPulse?: (pulse: TaskPulse) => void;
}

/** Children, warm between runs. Made by `createPool`; given to runs as the option `pool`. */
export interface Pool {
  /** Number of child processes; 0 if runs work in this process. */
  readonly size: number;
  /** Ends the children. A run on a closed pool is an error. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a pool does for a run. Every pool can; its user need not know. */
export interface TaskPool extends Pool {
  /** Whether its children may write to the run's directory only. */
  readonly isConfined?: boolean;
  /** Where runs on it make their directories; where it does not say, the run's own option holds. */
  readonly tmpDir?: string;
  /** After how many chunks a child is replaced, where that is bounded: tasks are single chunks then. */
  readonly tasksPerProcess?: number;
  /** What it remembers of plans, where it outlives a run. */
  readonly paces?: Paces;
  /** Has all children start that have not done so, without a task. Returns at once, and never throws. */
  start(): void;
  /** Runs a task on the first child that is free. Rejects only when the pool is closed. */
  run(task: PoolTask, limits: TaskLimits): Promise<Outcome>;
  /** A run is over: no child needs to remember it. */
  forget(run: string): void;
  /** Why a child did not start, in its own words, if it says so again. */
  diagnose(): Promise<string>;
}
