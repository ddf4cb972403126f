import type { WrittenFiles } from '../plan/action.js';
import type { WireStage } from '../plan/compiled-plan.js';
import type { Outcome } from '../pool/pool.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { TaskPulse } from '../protocol/task-usage.js';
import type { TaskResult } from '../protocol/task-result.js';
import type { ProfileReport } from './profile.js';
import type { EngineReport } from './run-report.js';

/** A stage begins. */
export interface StageEvent {
  /** Zero-based. */
  readonly number: number;
  /** How many stages the run has. */
  readonly stages: number;
  readonly stage: WireStage;
  /** Number of its chunks, where it is known. */
  readonly chunks: number | undefined;
  /** Children that the run may use; 0 where it works in this process. */
  readonly processes: number;
  /** The stage whose pass it shares: that one's tasks work for it, too. */
  readonly beside?: number;
}

/** An attempt at a task begins, or has ended. */
export interface AttemptEvent {
  readonly task: TaskMessage;
  /** The number of the slot that it is on. */
  readonly slot: number;
  /** In milliseconds, as `now` counts them. */
  readonly started: number;
  /** As `started`; undefined while it is under way. */
  readonly ended?: number;
  readonly outcome?: Outcome;
}

/** How far the attempt at a task is that is under way. */
export interface PulseEvent extends TaskPulse {
  readonly task: TaskMessage;
}

/** What a stage has of a task that works for several. */
export interface StageShare {
  readonly stage: number;
  readonly emitted: TaskResult['emitted'];
}

/** A task of the stage that has begun last has its result. */
export interface TaskEvent {
  readonly result: TaskResult;
  /** What the stages that share the pass have of it, in their order, the first one's own besides. */
  readonly beside?: readonly StageShare[];
  /** Records that the whole run has left out so far. */
  readonly skipped: number;
}

/** How far an engine says that it is, while it runs the plan elsewhere: its tasks are the chunks. Its report ends it. */
export interface EngineProgress {
  /** One-based. */
  readonly stage: number;
  readonly stages: number;
  readonly chunks: number;
  readonly totalChunks: number;
  /** Bytes of the input that the engine itself has read. */
  readonly bytes: number;
  /** Tasks that run now. */
  readonly busy: number;
  /** Tasks that may run at once. */
  readonly processes: number;
}

/** What the run does with the disk itself. */
export type DiskEvent =
  | { readonly kind: 'removed'; readonly bytes: number }
  | { readonly kind: 'written'; readonly output: WrittenFiles };

/** The run is over. */
export type EndEvent = { readonly error?: undefined } | { readonly error: { readonly thrown: unknown } };

/**
 * Is told of everything that happens in a run: what reports, progress and whatever shows a run are made of. What one of
 * them throws ends the run, but for `end`, which must not throw.
 */
export interface RunObserver {
  stage?(event: StageEvent): void;
  attempt?(event: AttemptEvent): void;
  /** Comes a few times a second, of attempts that take as long; it must not throw. */
  pulse?(event: PulseEvent): void;
  task?(event: TaskEvent): void;
  disk?(event: DiskEvent): void;
  /** The run has waited for whoever takes its results, in milliseconds. */
  waited?(milliseconds: number): void;
  /** An engine tells how far it is; the stages and their tasks are told when all of them are there. */
  away?(event: EngineProgress): void;
  /** What an engine tells of itself, in the end. */
  engine?(report: EngineReport): void;
  /** Where its children spent their time, in the end. */
  profile?(report: ProfileReport): void;
  /** Awaited. */
  end?(event: EndEvent): Promise<void> | void;
}

/** Tells several observers, in their order. */
export function observers(all: readonly RunObserver[]): Required<RunObserver> {
  return {
    stage: (event) => all.forEach((one) => one.stage?.(event)),
    attempt: (event) => all.forEach((one) => one.attempt?.(event)),
    pulse: (event) => all.forEach((one) => one.pulse?.(event)),
    task: (event) => all.forEach((one) => one.task?.(event)),
    disk: (event) => all.forEach((one) => one.disk?.(event)),
    waited: (milliseconds) => all.forEach((one) => one.waited?.(milliseconds)),
    away: (event) => all.forEach((one) => one.away?.(event)),
    engine: (report) => all.forEach((one) => one.engine?.(report)),
    profile: (report) => all.forEach((one) => one.profile?.(report)),
    async end(event) {
      for (const one of all) await one.end?.(event);
    },
  };
}
