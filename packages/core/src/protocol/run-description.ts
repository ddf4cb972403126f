import type { ProcessIdentity } from '../disk/process-identity.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';

/** All that travels once a run, to each child, before its first task. */
export interface RunDescription {
  readonly plan: CompiledPlan;
  readonly limits: TaskLimitsOfRun;
  readonly place: RunPlace;
  /** Whether somebody watches the run: tasks then tell what they cost. @default false */
  readonly isWatched?: boolean;
}

/** A serialized `RunDescription`: its bytes, or a file that holds them where they are many. */
export type DescriptionBytes = Uint8Array | { readonly file: string };

/** What bounds each task: a part of the plan, since results may depend on it. */
export interface TaskLimitsOfRun {
  /** Budget in bytes for the tables of a shuffle task. */
  readonly memory: number;
  /** How many records whose function throws a task may leave out. */
  readonly maxSkipped: number;
}

/** Where the children of this machine write. */
export interface RunPlace {
  /** The run's own directory. */
  readonly directory: string;
  /** Whose it is, where it is made only once something is written to it. */
  readonly owner?: ProcessIdentity;
  /** Begins the names of the files that children write to it. */
  readonly filePrefix: string;
  /** Whether those files must survive a power cut. */
  readonly isDurable: boolean;
  /** Where the parts of an output are written, before they are moved to their place. */
  readonly parts: string;
  /** The same by the stage that writes them, where several do. */
  readonly partsByStage?: PartsByStage;
}

/** Directories by the numbers of stages. */
export type PartsByStage = Readonly<Record<number, string>>;
