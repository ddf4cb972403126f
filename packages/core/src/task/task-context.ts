import type { PartsByStage } from '../protocol/run-description.js';
import type { TaskPulse } from '../protocol/task-usage.js';
import type { SpillPlace } from '../blocks/spill-place.js';
import type { Blame } from './blame/blame.js';
import type { Skips } from './blame/skips.js';
import type { HandOver } from './early-parts.js';
import type { Functions } from './functions.js';
import type { OpenUsage } from './usage/open-usage.js';
import type { Calls } from './verbs/calls.js';

/** Where a task writes. Whoever runs tasks says it: the task itself knows no paths. */
export interface TaskPlace {
  /** For what does not fit in memory; its `inline` is for the output of a shuffle. */
  readonly spill: SpillPlace;
  /** Up to this many bytes of collected records travel in the reply. */
  readonly inlineResult: number;
  /** The directory that the parts of an output are written to. */
  readonly parts: string;
  /** Where they are written by each stage, where several of a run write. */
  readonly partsByStage?: PartsByStage;
  /** Hears how far the task is, where somebody watches the run and can be told meanwhile. */
  readonly pulse?: (pulse: TaskPulse) => void;
}

/** What the parts of a task share. */
export interface TaskContext {
  readonly functions: Functions;
  readonly blame: Blame;
  readonly place: TaskPlace;
  /** Counts the calls of asynchronous functions. */
  readonly calls: Calls;
  /** Leaves out records whose function throws, where the run may. */
  readonly skips: Skips | undefined;
  /** Where the last chain of a task hands over records before its end, if it may. */
  readonly early?: HandOver | undefined;
  /** Measures the task, where somebody watches the run. */
  readonly usage?: OpenUsage | undefined;
}
