import type { LinkVerb, Op } from '../../plan/verbs.js';
import { NO_RECORD } from '../../source/source.js';
import type { Blame } from '../blame/blame.js';
import { stepOf } from '../blame/step.js';
import type { Skips } from '../blame/skips.js';
import type { TaskContext } from '../task-context.js';
import { finish, keyBy, mapReduceReduce, mapValues, values } from './links/keyed.js';
import type { Joint, Link } from './links/link.js';
import { flatMap, joinPairs, mapReduceMap } from './links/one-to-many.js';
import { lookUp } from './links/look-up.js';
import { filter, map, sample } from './links/one-to-one.js';
import { withSeed } from './links/with-seed.js';
import { Rest } from './rest.js';
import type { Push, Receiver } from './walk.js';

const links: { readonly [V in LinkVerb]: Link<V> } = {
  map,
  filter,
  flatMap,
  mapValues,
  keyBy,
  sample,
  withSeed,
  join: lookUp,
  leftJoin: lookUp,
  semiJoin: lookUp,
  antiJoin: lookUp,
  'join.pairs': joinPairs,
  values,
  'aggregateByKey.finish': finish,
  'mapReduce.map': mapReduceMap,
  'mapReduce.reduce': mapReduceReduce,
};

/** A narrow verb that is a link of a chain. */
export type LinkOp = Extract<Op<number>, { verb: LinkVerb }>;

/** Verbs to be fused into one function that is called with each record. */
export interface Chain {
  /** Stands before the verbs, where records are made of what a reader has read. */
  readonly parse?: Parse;
  readonly ops: readonly LinkOp[];
  /** The number of the chunk. */
  readonly seed: number;
  /** The number of the stage's input that it is a chunk of. */
  readonly branch: number;
}

/** How a reader makes a record of what it has read, and by which verb and function its failures are known. */
export interface Parse {
  readonly verb: string;
  readonly fn: number;
  parse(read: unknown): unknown;
}

/** A chain that is fused to one function. */
export interface Fused {
  readonly push: Push;
  /** The same for what was read and need not be parsed. */
  readonly pushParsed: Push;
  /** What may be left of a record that was pushed; it is to be finished before the next one. */
  readonly rest: Rest;
}

/** Fuses a chain that ends in `into`. Where the task may skip, nothing is pushed of a record until all its functions have returned. */
export function fuse(
  chain: Chain,
  into: Receiver,
  context: Pick<TaskContext, 'functions' | 'blame' | 'skips' | 'early'>,
): Fused {
  const { skips, blame, early } = context;
  if (skips === undefined) {
    const rest = new Rest(into, early);
    const pushParsed = linked(chain, into, rest, context);
    return { push: parsing(chain, pushParsed, context), pushParsed, rest };
  }
  return skipping({ skips, blame }, into, (hold, rest) =>
    parsing(chain, linked(chain, hold, rest, context), context),
  );
}

/** The links of a chain, the last of which gives to `into`. */
function linked(
  { ops, seed, branch }: Chain,
  into: Receiver,
  rest: Rest,
  { functions, blame }: Pick<TaskContext, 'functions' | 'blame'>,
): Push {
  return ops.reduceRight<Push>((next, op, i) => {
    const number = 'fn' in op ? op.fn : -1;
    const step = stepOf(op.verb, number);
    const nextPair = i === ops.length - 1 ? into.pushPair : undefined;
    const fn = functions.fn(number);
    const joint: Joint = { next, nextPair, fn, step, functions, blame, room: into, rest, seed, branch };
    return (links[op.verb] as Link<LinkVerb>)(op, joint);
  }, into.push);
}

/** Makes a record of what was read, and gives it to `push`. */
function parsing({ parse }: Chain, push: Push, { blame }: Pick<TaskContext, 'blame'>): Push {
  if (parse === undefined) return push;
  const step = stepOf(parse.verb, parse.fn);
  return (read) => {
    blame.step = step;
    const record = parse.parse(read);
    if (record !== NO_RECORD) push(record);
  };
}

function skipping(
  { skips, blame }: { readonly skips: Skips; readonly blame: Blame },
  into: Receiver,
  build: (hold: Receiver, rest: Rest) => Push,
): Fused {
  const held: unknown[] = [];
  // An endless flatMap is cut short by what the sink has room for.
  const hold: Receiver = {
    get isFull() {
      return held.length >= skips.limit;
    },
    push: (record) => void held.push(record),
  };
  const rest = new Rest(hold);
  const take = build(hold, rest);
  const done = (): void => {
    for (let i = 0; i < held.length && !into.isFull; i += 1) into.push(held[i]);
  };
  const end = { done, failed: (error: unknown): void => skips.skip(error, blame) };
  const push = (read: unknown): void => {
    held.length = 0;
    try {
      take(read);
    } catch (error) {
      skips.skip(error, blame);
      return;
    }
    if (rest.isPaused) rest.endBy(end);
    else done();
  };
  return { push, pushParsed: push, rest };
}
