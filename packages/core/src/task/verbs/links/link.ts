import type { LinkVerb, Op } from '../../../plan/verbs.js';
import type { Blame } from '../../blame/blame.js';
import type { Fn, Functions } from '../../functions.js';
import type { Rest } from '../rest.js';
import type { Push, PushPair, Room } from '../walk.js';

/** What a link of a chain works with. */
export interface Joint {
  /** Takes what the link gives. */
  readonly next: Push;
  /** The same for a pair, where that costs less. */
  readonly nextPair: PushPair | undefined;
  /** The verb's function; what is called is up to the link. */
  readonly fn: Fn;
  readonly functions: Functions;
  readonly blame: Blame;
  /** What `blame.step` is to be before the function is called. */
  readonly step: number;
  /** A link that gives many records stops where there is no more room. */
  readonly room: Room;
  /** Where a link that gives many records puts aside what it has begun. */
  readonly rest: Rest;
  /** The number of the chunk. */
  readonly seed: number;
  /** The number of the stage's input that it is a chunk of. */
  readonly branch: number;
}

/** Makes the function of a verb that takes each record. */
export type Link<V extends LinkVerb> = (op: Extract<Op<number>, { verb: V }>, joint: Joint) => Push;
