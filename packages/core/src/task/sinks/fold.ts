import { BalancedFold } from '../../fold/balanced-fold.js';
import { foldPartials, type PartialResult } from '../../fold/partial-result.js';
import { moduleRefOf } from '../../module-ref.js';
import type { FoldRequest, SpanFold } from '../../protocol/task-message.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { decode, encode } from '../../values/codec.js';
import type { TaskContext } from '../task-context.js';
import type { FoldingSink, OpenSink } from './open-sink.js';

/** Folds a chunk, and gives its partial result. */
interface ChunkFold {
  push(record: unknown): void;
  end(): PartialResult;
}

/** How a sink folds: each chunk by itself, and what comes of chunks. */
interface Folding {
  chunk(): ChunkFold;
  merge(a: unknown, b: unknown): unknown;
}

type Calls = Pick<TaskContext, 'functions' | 'blame'>;

/** Folds each chunk of a task, and what comes of them along the tree of the whole run. Gives a `PartialResult`. */
export function foldSink(sink: FoldingSink, calls: Calls): OpenSink {
  const { chunk, merge } = foldingOf(sink, calls);
  const partials = foldPartials(merge);
  let current: ChunkFold | undefined;
  return {
    isFull: false,
    push: (record) => (current ??= chunk()).push(record),
    endChunk() {
      partials.push(current?.end() ?? []);
      current = undefined;
    },
    finish() {
      const value = encodePartial(partials.result());
      return { value, bytes: value.length };
    },
    abort: () => undefined,
  };
}

/** Folds partial results of a stage as far as the tree allows: to one, or to those that wait for what comes later. */
export function foldOn(
  { partials, before, isAll }: FoldRequest,
  sink: FoldingSink,
  calls: Calls,
): Uint8Array {
  const fold = foldPartials(foldingOf(sink, calls).merge, before);
  for (const { value, size } of partials) fold.push(decode(value) as PartialResult, size);
  if (isAll) return encodePartial(fold.result());
  const left = fold.partials().map(({ value, size }): SpanFold => ({ value: encodePartial(value), size }));
  return encode(left, 'partials');
}

/** @throws SerializationError that names the path in the user's own value */
function encodePartial(partial: PartialResult): Uint8Array {
  try {
    return encode(partial, 'result');
  } catch (error) {
    encode(partial[0], 'result');
    throw error;
  }
}

function foldingOf(sink: FoldingSink, calls: Calls): Folding {
  switch (sink.kind) {
    case 'count':
      return counting;
    case 'reduce':
      return reducing(sink.fn, calls);
    case 'aggregate':
      return aggregating(sink, calls);
  }
}

const counting: Folding = {
  chunk() {
    let count = 0;
    return { push: () => void (count += 1), end: () => [count] };
  },
  merge: (a, b) => (a as number) + (b as number),
};

function reducing(fn: number, { functions, blame }: Calls): Folding {
  const op = functions.fn(fn);
  const merge = (a: unknown, b: unknown): unknown => {
    blame.enterSink('reduce', fn, 'other');
    return op(a, b);
  };
  return {
    chunk() {
      const fold = new BalancedFold(merge);
      return { push: (record) => fold.push(withValuesInMemory(record)), end: () => [fold.result()] };
    },
    merge,
  };
}

function aggregating(
  { verb, fn }: Extract<FoldingSink, { kind: 'aggregate' }>,
  { functions, blame }: Calls,
): Folding {
  const aggregator = functions.aggregator(fn);
  // Ready-made ones, such as that of `top`, keep records; a user's own reads a group, or copies it.
  const keeps = moduleRefOf(aggregator) !== undefined;
  return {
    chunk() {
      blame.enterSink(verb, fn, 'other');
      let accumulator = aggregator.zero();
      return {
        push(record) {
          blame.enterSink(verb, fn, 'record');
          accumulator = aggregator.add(accumulator, keeps ? withValuesInMemory(record) : record);
        },
        end: () => [accumulator],
      };
    },
    merge(a, b) {
      // The verb has a name of its own here, since no single record is to blame.
      blame.enterSink(`${verb}.merge`, fn, 'other');
      return aggregator.merge(a, b);
    },
  };
}
