import { builtInOf, type Aggregator } from '../../fold/aggregator.js';
import { BalancedFold } from '../../fold/balanced-fold.js';
import type { Callable } from '../../plan/function-ref.js';
import type { Sink } from '../../plan/node.js';
import { foldPartials, type PartialResult } from '../../fold/partial-result.js';
import { copySpilled } from '../../shuffle/group/spilled-values.js';
import { decode, encode } from '../../values/codec.js';
import type { Partial, Partials } from '../../protocol/messages.js';
import type { Cursor } from '../blame/blame.js';
import type { OpenSink } from './open-sink.js';

export type FoldingSink = Extract<Sink<number>, { kind: 'count' | 'reduce' | 'aggregate' }>;

/** Folds a chunk, and gives its partial result. */
interface ChunkFold {
  push(record: unknown): void;
  end(): PartialResult;
}

/** Folds each chunk of a task, and what comes of them along the tree of the whole run. Gives a `PartialResult`. */
export function foldSink(sink: FoldingSink, functions: readonly Callable[], cursor: Cursor): OpenSink {
  const { chunk, merge } = folding(sink, functions, cursor);
  const partials = foldPartials(merge);
  let current: ChunkFold | undefined;
  return {
    push: (record) => (current ??= chunk()).push(record),
    endChunk() {
      partials.push(current?.end() ?? []);
      current = undefined;
    },
    finish: () => partials.result(),
  };
}

/** Folds partial results of a stage as far as the tree allows: to one, or to those that wait for what comes later. */
export function foldOn(
  { partials, before, isAll }: Partials,
  sink: FoldingSink,
  functions: readonly Callable[],
  cursor: Cursor,
): Uint8Array {
  const fold = foldPartials(folding(sink, functions, cursor).merge, before);
  for (const { value, size } of partials) fold.push(decode(value) as PartialResult, size);
  if (isAll) return encodePartial(fold.result());
  const left = fold.partials().map(({ value, size }): Partial => ({ value: encodePartial(value), size }));
  return encode(left, 'partials');
}

/** @throws SerializationError that names the path in the user's own value */
export function encodePartial(partial: PartialResult): Uint8Array {
  try {
    return encode(partial, 'result');
  } catch (error) {
    encode(partial[0], 'result');
    throw error;
  }
}

/** How a sink folds. */
function folding(
  sink: FoldingSink,
  functions: readonly Callable[],
  cursor: Cursor,
): { chunk: () => ChunkFold; merge: (a: unknown, b: unknown) => unknown } {
  /** Called before each call of the user's functions. */
  const enter = (): void => {
    cursor.verb = sink.kind === 'aggregate' ? sink.verb : sink.kind;
    cursor.fn = sink.kind === 'count' ? -1 : sink.fn;
  };
  switch (sink.kind) {
    case 'count':
      return {
        chunk() {
          let count = 0;
          return { push: () => void (count += 1), end: () => [count] };
        },
        merge: (a, b) => (a as number) + (b as number),
      };
    case 'reduce': {
      const op = functions[sink.fn] as unknown as (a: unknown, b: unknown) => unknown;
      const merge = (a: unknown, b: unknown): unknown => {
        enter();
        return op(a, b);
      };
      return {
        chunk() {
          const fold = new BalancedFold(merge);
          return { push: (record) => fold.push(copySpilled(record)), end: () => [fold.result()] };
        },
        merge,
      };
    }
    case 'aggregate': {
      const aggregator = functions[sink.fn] as unknown as Aggregator<unknown, unknown>;
      // Ready-made ones, such as that of `top`, keep records; a user's own reads a group, or copies it.
      const keeps = builtInOf(aggregator) !== undefined;
      return {
        chunk() {
          enter();
          let accumulator = aggregator.zero();
          return {
            push(record) {
              enter();
              accumulator = aggregator.add(accumulator, keeps ? copySpilled(record) : record);
            },
            end: () => [accumulator],
          };
        },
        merge(a, b) {
          // By a name of its own, since no single record is to blame.
          cursor.verb = `${sink.verb}.merge`;
          cursor.fn = sink.fn;
          return aggregator.merge(a, b);
        },
      };
    }
  }
}
