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
// The timers are taken with the face, since what is loaded with the first run may meet faked ones.
import { brand } from '../shared-state.js';
import '../timers.js';

/** A dataset and what becomes of it. */
export interface PlanParts {
  readonly node: Node;
  readonly action: Action;
}

/** What a plan is of: a dataset and an action, or several of them by name. */
type PlanDescription = PlanParts | { readonly plans: Readonly<Record<string, PlanParts>> };

// Other copies of this package know it.
const DESCRIPTION: unique symbol = brand('plan') as never;

/** A dataset and an action: the description of one result, or of several (`together`). Nothing runs until `run`. */
export class Plan<R> {
  /** @internal */
  readonly [DESCRIPTION]: PlanDescription;

  /** @internal */
  constructor(description: PlanDescription) {
    this[DESCRIPTION] = description;
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
      const described = mapParts(this[DESCRIPTION], ({ node, action }) => ({
        node: live.listen(node),
        action,
      }));
      // The options hold as they are now, whatever the caller does with the object.
      const given = isRecord(options) ? { ...options } : options;
      const { runPlan, runTogether } = await runModule();
      if ('plans' in described) return (await runTogether(described.plans, given)) as R;
      return (await runPlan(described.node, described.action, given)) as R;
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
    const { explainPlan, explainTogether } = await runModule();
    const described = this[DESCRIPTION];
    if ('plans' in described) return explainTogether(described.plans, options);
    return explainPlan(described.node, described.action, options);
  }

  /** The plan in one line, for `console.log`. */
  [inspect.custom](): string {
    const described = this[DESCRIPTION];
    if (!('plans' in described)) return `Plan { ${oneLine(described)} }`;
    const lines = Object.entries(described.plans).map(([name, parts]) => `${name}: ${oneLine(parts)}`);
    return `Plan { ${lines.join(', ')} }`;
  }
}

function oneLine({ node, action }: PlanParts): string {
  return inOneLine(node, action.sink);
}

function mapParts(described: PlanDescription, map: (parts: PlanParts) => PlanParts): PlanDescription {
  if (!('plans' in described)) return map(described);
  const mapped = Object.entries(described.plans).map(([name, parts]) => [name, map(parts)] as const);
  return { plans: Object.fromEntries(mapped) };
}

/** What a plan is of, whichever copy of this package has made it; undefined of anything else. */
export function descriptionOf(value: unknown): PlanDescription | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { readonly [DESCRIPTION]?: PlanDescription })[DESCRIPTION];
}
