import type { TaskMessage, TaskReply } from '../protocol/messages.js';

/** How a task ended. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: TaskReply }
  /** The child is dead. `late` is an error that it met outside its task. */
  | {
      readonly kind: 'died';
      /** What it was doing: starting, loading the functions of a run, or a task. */
      readonly phase: 'boot' | 'load' | 'task';
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly late?: { readonly error: unknown };
      /** Milliseconds that it was given to start, and took longer: another child would too. */
      readonly deadline?: number;
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' };

export interface TaskLimits {
  /** Milliseconds from the task's start in the child. */
  readonly timeout: number | undefined;
  /** Kills the child at once. */
  readonly signal: AbortSignal;
}

/** Runs one task at a time. */
export interface Slot {
  /** Never rejects. */
  run(task: TaskMessage, limits: TaskLimits): Promise<Outcome>;
}

/** Children, warm between runs. Made by `createPool`; given to runs as the option `pool`. */
export interface Pool {
  /** Number of child processes; 0 if runs work in this process. */
  readonly size: number;
  /** @internal Whether its children may write to the run's directory only. */
  readonly isConfined?: boolean;
  /** @internal Where runs on it make their directories; where it does not say, the run's own option holds. */
  readonly tmpDir?: string;
  /** @internal Waits for a slot that is free. */
  acquire(): Promise<Slot>;
  /** @internal */
  release(slot: Slot): void;
  /** @internal Why a child did not start, in its own words, if it says so again. */
  diagnose(): Promise<string>;
  /** Ends the children. A run on a closed pool is an error. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
