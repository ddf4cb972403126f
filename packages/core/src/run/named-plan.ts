import type { Action } from '../plan/action.js';
import type { PlanEnd } from '../plan/compile.js';
import type { Node } from '../plan/node.js';

/** A plan of `together`. */
export interface NamedPlan {
  readonly node: Node;
  readonly action: Action;
}

/** Where the records of each plan end. */
export function endsOf(plans: Readonly<Record<string, NamedPlan>>): Record<string, PlanEnd> {
  const ends = Object.entries(plans).map(([name, { node, action }]) => [name, { node, sink: action.sink }]);
  return Object.fromEntries(ends) as Record<string, PlanEnd>;
}
