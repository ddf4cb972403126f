import type { Action } from '../plan/action.js';
import type { Node } from '../plan/node.js';

/** A plan of `together`. */
export interface NamedPlan {
  readonly node: Node;
  readonly action: Action;
}
