import type { Action } from '../plan/action.js';
import type { UncutPlan } from '../plan/compile.js';

/**
 * What runs plans: this machine's child processes, or something else that is given as the option `engine`. Both methods
 * are given options that were checked, defaults filled in.
 */
export interface Engine<Options> {
  /** For messages. */
  readonly name: string;
  /** Runs a plan, and gives what its action makes of it. Rejects as `Plan.run` does. */
  run(plan: UncutPlan, action: Action, options: Options): Promise<unknown>;
  /** The records of a plan whose sink collects, as they come. To `return` it early ends the run. */
  stream(plan: UncutPlan, action: Action, options: Options): AsyncGenerator<unknown, void, undefined>;
}
