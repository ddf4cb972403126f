import { foldPartials, type PartialResult } from '../../fold/partial-result.js';
import { looksForFields, seenIn, type Seen } from '../../fold/fields-there.js';
import { moduleRefOf } from '../../module-ref.js';
import type { FoldRequest, SpanFold } from '../../protocol/task-message.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { decode, encode } from '../../values/codec.js';
import { stepOf } from '../blame/step.js';
import type { TaskContext } from '../task-context.js';
import type { FoldingSink, OpenSink } from './open-sink.js';
import { recordFold, type ChunkFold } from './record-fold.js';

/** How a sink folds: each chunk by itself, and what comes of chunks. */
interface Folding {
  chunks(): ChunkFold;
  merge(a: unknown, b: unknown): unknown;
}

type Calls = Pick<TaskContext, 'functions' | 'blame'>;

/**
 * Folds each chunk of a task, and what comes of them along the tree of the whole run. Gives a `PartialResult`.
 *
 * @param spans The chunks of each subtree of that tree, where the task's chunks are several; it then gives a list of `SpanFold`.
 */
export function foldSink(sink: FoldingSink, calls: Calls, spans?: readonly number[]): OpenSink {
  const { chunks, merge } = foldingOf(sink, calls);
  const done: SpanFold[] = [];
  let partials = foldPartials(merge);
  let count = 0;
  const { push, end } = chunks();
  return {
    isFull: false,
    push,
    endChunk() {
      partials.push(end());
      count += 1;
      if (count !== spans?.[done.length]) return;
      done.push({ value: encodePartial(partials.result()), size: count });
      partials = foldPartials(merge);
      count = 0;
    },
    finish() {
      const value = spans === undefined ? encodePartial(partials.result()) : encode(done, 'partials');
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
  chunks() {
    let count = 0;
    return {
      push: () => void (count += 1),
      end() {
        const partial: PartialResult = count === 0 ? [] : [count];
        count = 0;
        return partial;
      },
    };
  },
  merge: (a, b) => (a as number) + (b as number),
};

function reducing(fn: number, { functions, blame }: Calls): Folding {
  const op = functions.fn(fn);
  const step = stepOf('reduce', fn);
  const merge = (a: unknown, b: unknown): unknown => {
    blame.step = step;
    return op(a, b);
  };
  return { chunks: () => recordFold(op, blame, step), merge };
}

function aggregating(
  { verb, fn }: Extract<FoldingSink, { kind: 'aggregate' }>,
  { functions, blame }: Calls,
): Folding {
  const aggregator = functions.aggregator(fn);
  // Ready-made ones, such as that of `top`, keep records; a user's own reads a group, or copies it.
  const keeps = moduleRefOf(aggregator) !== undefined;
  const [ofRecord, ofNone] = [stepOf(verb, fn, 'record'), stepOf(verb, fn)];
  // The verb has a name of its own here, since no single record is to blame.
  const merging = stepOf(`${verb}.merge`, fn);
  const watching = looksForFields(aggregator) ? aggregator : undefined;
  const folded = watching?.given ?? aggregator;
  return {
    chunks() {
      let accumulator: unknown;
      let isOpen = false;
      let seen: Seen | undefined;
      return {
        push(record) {
          if (!isOpen) {
            blame.step = ofNone;
            accumulator = folded.zero();
            isOpen = true;
            seen = watching && { unseen: watching.fields, known: undefined };
          }
          blame.step = ofRecord;
          // The first record nearly always has all fields.
          if (seen !== undefined && seen.unseen.length > 0) seen = seenIn(seen, record);
          accumulator = folded.add(accumulator, keeps ? withValuesInMemory(record) : record);
        },
        end() {
          const partial: PartialResult = !isOpen
            ? []
            : seen
              ? [{ ...seen, value: accumulator }]
              : [accumulator];
          isOpen = false;
          return partial;
        },
      };
    },
    merge(a, b) {
      blame.step = merging;
      return aggregator.merge(a, b);
    },
  };
}
