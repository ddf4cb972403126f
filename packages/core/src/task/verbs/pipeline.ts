import { traitsOf, type Op } from '../../plan/verbs.js';
import type { Batch, Batches } from '../../source/source.js';
import type { Blame } from '../blame/blame.js';
import { stepOf } from '../blame/step.js';
import type { TaskContext } from '../task-context.js';
import { fuse, type Chain, type Fused, type LinkOp, type Parse } from './chain.js';
import { mapConcurrently } from './map-concurrently.js';
import { mapUntilPromise } from './map-until-promise.js';
import {
  expandEach,
  feed,
  isAsync,
  recordsOf,
  visitEach,
  type AnyIterable,
  type Receiver,
  type Room,
} from './walk.js';

/** What the records of a chunk go through. */
export interface Pipeline {
  readonly parse?: Parse;
  readonly ops: readonly Op<number>[];
  /** The number of the chunk. */
  readonly seed: number;
  /** The number of the stage's input that it is a chunk of. */
  readonly branch: number;
}

/** What is done with the records of each chunk of a branch; `seed` is the number of the chunk. */
export type OpenPipeline = (batches: Batches, seed: number) => void | Promise<void>;

/** As `runPipeline`, for chunks one after the other: their verbs are fused once, unless one of them begins anew with each chunk. */
export function openPipeline(
  pipeline: Omit<Pipeline, 'seed'>,
  into: Receiver,
  context: TaskContext,
): OpenPipeline {
  const { cut, chain } = split({ ...pipeline, seed: 0 });
  if (cut !== undefined || chain.ops.some(isSeeded)) {
    return (batches, seed) => runPipeline(batches, { ...pipeline, seed }, into, context);
  }
  const fused = fuse(chain, into, context);
  return (batches) => feed(batches, fused, context.blame, into);
}

function isSeeded({ verb }: LinkOp): boolean {
  return verb === 'sample' || verb === 'withSeed';
}

/**
 * Sends the records of a chunk through fused transformations to `into`. Synchronous wherever it can be. Where the task
 * may skip, a record whose function throws is left out; but for `mapPartitions` and what follows it, where nobody can
 * tell which record is to blame.
 */
export function runPipeline(
  batches: Batches,
  pipeline: Pipeline,
  into: Receiver,
  given: TaskContext,
): void | Promise<void> {
  const { blame } = given;
  let context = given;
  const first = split(pipeline);
  if (first.cut === undefined) return feed(batches, fuse(first.chain, into, context), blame, into);
  const isBare = first.chain.ops.length === 0 && first.chain.parse === undefined;
  let records = through(recordsOf(batches, blame), first.chain, context, first.cut.verb !== 'mapPartitions');
  let { cut, after }: { cut: CutOp; after: readonly Op<number>[] } = { cut: first.cut, after: first.after };
  for (;;) {
    const next = split({ ops: after, seed: pipeline.seed, branch: pipeline.branch });
    if (cut.verb === 'mapPartitions') {
      context = { ...context, skips: undefined };
      records = mapPartitions(records, cut.fn, context);
    } else if (next.cut === undefined && !isAsync(records)) {
      const end = fuse(next.chain, into, context);
      const parts = cut === first.cut && isBare ? (batches as Iterable<Batch>) : expandEach(records, single);
      const later = mapUntilPromise(parts, cut, { ...end, room: into }, context);
      return later && deliver(later, end, into);
    } else records = mapConcurrently(records, cut, context);
    if (next.cut === undefined) return deliver(records, fuse(next.chain, into, context), into);
    records = through(records, next.chain, context, next.cut.verb !== 'mapPartitions');
    [cut, after] = [next.cut, next.after];
  }
}

function single(record: unknown): [{ readonly records: readonly [unknown] }] {
  return [{ records: [record] }];
}

/** A verb that works on an iterable. */
type CutOp = Exclude<Op<number>, LinkOp>;

/** The links up to the first verb that works on an iterable, that verb, and what follows it. */
function split({ parse, ops, seed, branch }: Pipeline): {
  chain: Chain;
  cut: CutOp | undefined;
  after: readonly Op<number>[];
} {
  const at = ops.findIndex(isCut);
  const links = (at < 0 ? ops : ops.slice(0, at)) as readonly LinkOp[];
  const chain = { ...(parse && { parse }), ops: links, seed, branch };
  return { chain, cut: ops[at] as CutOp | undefined, after: ops.slice(at + 1) };
}

function isCut({ verb }: Op<number>): boolean {
  return traitsOf(verb).takes === 'records';
}

function deliver(records: AnyIterable, { push, rest }: Fused, room: Room): void | Promise<void> {
  return visitEach(records, (record) => {
    push(record);
    rest.pauseIfDue();
    return rest.isPaused ? rest.finish().then(() => !room.isFull) : !room.isFull;
  });
}

/**
 * What the links of a chain make of records, as it is asked for: one at a time, since a `flatMap` may give records without
 * end.
 *
 * @param mayWait Whether who reads them can wait for them.
 */
function through(records: AnyIterable, chain: Chain, context: TaskContext, mayWait: boolean): AnyIterable {
  if (chain.ops.length === 0 && chain.parse === undefined) return records;
  const held: unknown[] = [];
  const givesMany = chain.ops.some(({ verb }) => traitsOf(verb).gives === 'many');
  const { push, rest } = fuse(chain, { isFull: false, push: hold }, { ...context, early: undefined });
  function hold(record: unknown): void {
    held.push(record);
    if (givesMany && context.skips === undefined) rest.isPaused = true;
  }
  if (!givesMany || (!mayWait && !isAsync(records))) {
    return expandEach(records, function* (record) {
      push(record);
      yield* held.splice(0);
      while (rest.isPaused) {
        rest.step();
        yield* held.splice(0);
      }
    });
  }
  return (async function* () {
    for await (const record of records) {
      push(record);
      yield* held.splice(0);
      while (rest.isPaused) {
        await rest.advance();
        yield* held.splice(0);
      }
    }
  })();
}

function mapPartitions(records: AnyIterable, number: number, { functions, blame }: TaskContext): AnyIterable {
  const fn = functions.fn(number);
  const call = (given: Iterable<unknown>): AnyIterable => {
    blame.step = stepOf('mapPartitions', number);
    return checkedIterable(fn(given));
  };
  return isAsync(records) ? gathered(records, call, blame) : call(records);
}

/** A function of an iterable cannot wait for records that come later, as those of a compressed file do: it gets them all. */
async function* gathered(
  records: AsyncIterable<unknown>,
  call: (records: Iterable<unknown>) => AnyIterable,
  blame: Blame,
): AsyncGenerator<unknown> {
  const all: unknown[] = [];
  for await (const record of records) all.push(record);
  // The last record read is not the one to blame.
  blame.batch = undefined;
  yield* call(all);
}

function checkedIterable(made: unknown): AnyIterable {
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = Object(made) as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >;
  if (typeof sync === 'function' || typeof async === 'function') return made as AnyIterable;
  throw new TypeError('mapPartitions must return an iterable');
}
