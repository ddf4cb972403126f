import { sep } from 'node:path';
import { isRecord } from '../checks/is-record.js';
import { wrongArgument } from '../checks/wrong-argument.js';
import { OptionError } from '../errors.js';
import { descriptionOf, Plan, type PlanParts } from './plan.js';

/** The results of plans by their names. */
export type Together<Plans extends Readonly<Record<string, Plan<unknown>>>> = {
  -readonly [Name in keyof Plans]: Plans[Name] extends Plan<infer R> ? R : never;
};

/**
 * Several results of one scan: a plan that gives an object of the results of others. What the plans begin with in common, a
 * source and the verbs that were called on it before they part, is read and mapped once; so make them of the same dataset.
 * Behind a keyed verb that they share, its buckets are read once, too.
 *
 * Each result is what its plan alone would give, to the bit: `take` and `first` end early for themselves, and the run does once
 * every plan has what it wants; `onError: 'skip'` leaves a record out of the plan whose function throws. Any failure fails them
 * all. Functions of what is common count once. What plans write appears after all else has succeeded, one directory after
 * the other.
 *
 * The plans get the very same records: a function that changes a record in place, as in `reduce((a, b) => Object.assign(a, b))`,
 * changes it for the others, so give new objects. What `mapAsync`, `batches` or `mapPartitions` takes once plans have parted waits
 * in memory for the end of its chunk, and a `flatMap` there must be synchronous; each keyed verb has a table of its own. On another engine the
 * plans run one after the other, each with a scan of its own, and what is common counts once a plan.
 *
 * @param plans Plans by name, but for those of `together` itself.
 * @throws OptionError for anything else, where two of them write to the same directory; and, as the plan is run or explained,
 *   where they have no beginning in common.
 * @example
 * const rows = from([
 *   { url: '/', latency: 30 },
 *   { url: '/cart', latency: 80 },
 *   { url: '/', latency: 20 },
 * ]);
 * const report = together({
 *   requests: rows.count(),
 *   byUrl: rows.groupBy('url').aggregate({ n: count, worst: max('latency') }).toMap(),
 * });
 * const { requests, byUrl } = await report.run();
 * requests; // -> 3
 * byUrl; // -> Map(2) { '/' => { n: 2, worst: 30 }, '/cart' => { n: 1, worst: 80 } }
 */
export function together<Plans extends Readonly<Record<string, Plan<unknown>>>>(
  plans: Plans,
): Plan<Together<Plans>> {
  const entries = isRecord(plans) ? Object.entries<unknown>(plans) : [];
  const described = entries.flatMap(([name, plan]): [string, PlanParts][] => {
    const one = descriptionOf(plan);
    return one !== undefined && 'node' in one ? [[name, one]] : [];
  });
  if (entries.length === 0 || described.length < entries.length) {
    throw wrongArgument(
      'plans',
      'an object of plans of one result each, such as { all: rows.count() }',
      plans,
    );
  }
  const parts = Object.fromEntries(described);
  checkTargets(parts);
  return new Plan({ plans: parts });
}

/** @throws OptionError where a plan would write into, or replace, what another one writes. */
function checkTargets(parts: Readonly<Record<string, PlanParts>>): void {
  const seen: { readonly name: string; readonly directory: string }[] = [];
  for (const [name, { action }] of Object.entries(parts)) {
    if (action.output === undefined) continue;
    const { directory } = action.output;
    const other = seen.find(
      (one) => isWithin(one.directory, directory) || isWithin(directory, one.directory),
    );
    if (other !== undefined) {
      throw new OptionError(
        `${other.name} and ${name} of together write to ${other.directory} and ${directory}: give each a directory of its own`,
        'plans',
      );
    }
    seen.push({ name, directory });
  }
}

function isWithin(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}
