import { inspect } from 'node:util';
import { isRecord } from '../checks/is-record.js';
import type { RunOptions } from '../options/run-options.js';
import { runModule } from './lazy-run.js';
import { liveSources } from './live-sources.js';
import type { Action } from '../plan/action.js';
import { inOneLine } from '../plan/function-names.js';
import type { Node } from '../plan/node.js';
import type { Explanation } from '../run/explanation.js';
import { isParked } from '../task/parking.js';
// It is loaded with the face, since what is loaded with the first run may meet faked timers.
import '../timers.js';

/** A dataset and an action: the description of one result. Nothing runs until `run`. */
export class Plan<R> {
  readonly #node: Node;
  readonly #action: Action;

  /** @internal */
  constructor(node: Node, action: Action) {
    this.#node = node;
    this.#action = action;
  }

  /**
   * Runs the plan in child processes. Every call runs it anew. The result is that of one process, whatever the number of
   * processes, and whatever was retried; a failure rejects at once, without waiting for the other chunks. When the
   * promise settles, the run's children are gone (but for those of a pool) and its temporary files are removed.
   *
   * Costs about a fifth of a second before the first chunk begins: all children start at the same time; a warm pool saves it.
   *
   * @throws OptionError, SourceError, JobError, TaskError, SerializationError, WorkerCrashError, TaskTimeoutError,
   *   EmptyReduceError; an abort rejects with the signal's own reason.
   * @example
   * const plan = range(1, 5).reduce((a, b) => a * b);
   * await plan.run({ processes: 2 }); // -> 24
   */
  async run(options: RunOptions = {}): Promise<R> {
    // In a child, a run that the module itself starts never begins and never settles: see docs of defineJob.
    if (isParked()) return new Promise<R>(() => undefined);
    const live = liveSources();
    try {
      const node = live.listen(this.#node);
      // The options hold as they are now, whatever the caller does with the object.
      const given = isRecord(options) ? { ...options } : options;
      const { runPlan } = await runModule();
      return (await runPlan(node, this.#action, given)) as R;
    } finally {
      await live.close();
    }
  }

  /**
   * Tells what a run with these options would do: its stages, how their input is split, the functions by their names, what goes
   * to the disk, what a checkpoint would hold, and which engines could run it. Data, which `console.log` and `String()` give as
   * a small tree. Files are looked for and their sizes asked; nothing is read, no function is called, and an iterable is not
   * pulled, so that its splits stay unknown.
   *
   * @throws OptionError as `run` does, SourceError where there are no such files.
   * @example
   * const plan = textLines('books/*.txt').countByValue().toMap();
   * console.log(await plan.explain({ processes: 4 }));
   */
  async explain(options: RunOptions = {}): Promise<Explanation> {
    const { explainPlan } = await runModule();
    return explainPlan(this.#node, this.#action, options);
  }

  /** The plan in one line, for `console.log`. */
  [inspect.custom](): string {
    return `Plan { ${inOneLine(this.#node, this.#action.sink)} }`;
  }
}
