import { compile, compileTogether, type PlanEnd, type UncutPlan } from '../plan/compile.js';
import type { NamedPlan } from './named-plan.js';
import { shortSides } from './short-sides.js';

/** A plan as every engine gets it: short lists that it joins with are looked up. */
export function compiled({ node, action }: NamedPlan): UncutPlan {
  return compile(shortSides()(node), action.sink);
}

/** Several plans that are run together. @throws OptionError where they have no beginning in common. */
export function compiledTogether(plans: Readonly<Record<string, NamedPlan>>): UncutPlan {
  // One for all of them, so that a dataset that several are of stays one.
  const withShortSides = shortSides();
  const ends = Object.entries(plans).map(([name, { node, action }]): [string, PlanEnd] => [
    name,
    { node: withShortSides(node), sink: action.sink },
  ]);
  return compileTogether(Object.fromEntries(ends));
}
