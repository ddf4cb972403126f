import type { Aggregator } from '../../fold/aggregator.js';
import { foldPartials, type PartialResult } from '../../fold/partial-result.js';
import { looksForFields, seenIn, type Seen } from '../../fold/fields-there.js';
import { moduleRefOf } from '../../module-ref.js';
import type { FoldRequest, SpanFold } from '../../protocol/task-message.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { decode, encode } from '../../values/codec.js';
import type { Blame } from '../blame/blame.js';
import { stepOf } from '../blame/step.js';
import type { TaskContext } from '../task-context.js';
import type { FoldingSink, OpenSink } from './open-sink.js';
import { RecordFold, type ChunkFold } from './record-fold.js';

/** How a sink folds: each chunk by itself, and what comes of chunks. */
interface Folding {
  chunks(): ChunkFold;
  merge(a: unknown, b: unknown): unknown;
}

type FoldContext = Pick<TaskContext, 'functions' | 'blame'>;

/**
 * Folds each chunk of a task, and what comes of them along the tree of the whole run. Gives a `PartialResult`.
 *
 * @param spans The chunks of each subtree of that tree, where the task's chunks are several; it then gives a list of `SpanFold`.
 */
export function foldSink(sink: FoldingSink, context: FoldContext, spans?: readonly number[]): OpenSink {
  return new FoldSink(foldingOf(sink, context), spans);
}

/** A class, as is the fold of a chunk, for the reason that `CombineWriter` gives. */
class FoldSink implements OpenSink {
  readonly isFull = false;
  readonly #folding: Folding;
  readonly #spans: readonly number[] | undefined;
  readonly #chunk: ChunkFold;
  readonly #done: SpanFold[] = [];
  #partials: ReturnType<typeof foldPartials>;
  #count = 0;

  constructor(folding: Folding, spans: readonly number[] | undefined) {
    this.#folding = folding;
    this.#spans = spans;
    this.#chunk = folding.chunks();
    this.#partials = foldPartials((a, b) => folding.merge(a, b));
  }

  push(record: unknown): void {
    this.#chunk.push(record);
  }

  endChunk(): void {
    this.#partials.push(this.#chunk.end());
    this.#count += 1;
    if (this.#count !== this.#spans?.[this.#done.length]) return;
    this.#done.push({ value: encodePartial(this.#partials.result()), size: this.#count });
    this.#partials = foldPartials((a, b) => this.#folding.merge(a, b));
    this.#count = 0;
  }

  finish(): ReturnType<OpenSink['finish']> {
    const isOne = this.#spans === undefined;
    const value = isOne ? encodePartial(this.#partials.result()) : encode(this.#done, 'partials');
    return { value, bytes: value.length };
  }

  abort(): void {
    // It holds nothing but memory.
  }
}

/** Folds partial results of a stage as far as the tree allows: to one, or to those that wait for what comes later. */
export function foldOn(
  { partials, before, isAll }: FoldRequest,
  sink: FoldingSink,
  context: FoldContext,
): Uint8Array {
  const fold = foldPartials(foldingOf(sink, context).merge, before);
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

function foldingOf(sink: FoldingSink, context: FoldContext): Folding {
  switch (sink.kind) {
    case 'count':
      return counting;
    case 'reduce':
      return reducing(sink.fn, context);
    case 'aggregate':
      return aggregating(sink, context);
  }
}

const counting: Folding = {
  chunks: () => new CountFold(),
  merge: (a, b) => (a as number) + (b as number),
};

class CountFold implements ChunkFold {
  #count = 0;

  push(): void {
    this.#count += 1;
  }

  end(): PartialResult {
    const count = this.#count;
    this.#count = 0;
    return count === 0 ? [] : [count];
  }
}

function reducing(fn: number, { functions, blame }: FoldContext): Folding {
  const op = functions.fn(fn);
  const step = stepOf('reduce', fn);
  const merge = (a: unknown, b: unknown): unknown => {
    blame.step = step;
    return op(a, b);
  };
  return { chunks: () => new RecordFold(op, blame, step), merge };
}

type AggregateSink = Extract<FoldingSink, { kind: 'aggregate' }>;

function aggregating(sink: AggregateSink, context: FoldContext): Folding {
  const { functions, blame } = context;
  const aggregator = functions.aggregator(sink.fn);
  // The verb has a name of its own here, since no single record is to blame.
  const merging = stepOf(`${sink.verb}.merge`, sink.fn);
  return {
    chunks: () => new AggregateFold(aggregator, sink, blame),
    merge(a, b) {
      blame.step = merging;
      return aggregator.merge(a, b);
    },
  };
}

class AggregateFold implements ChunkFold {
  readonly #aggregator: Aggregator<unknown, unknown>;
  readonly #blame: Blame;
  /** Ready-made aggregators, such as that of `top`, keep records; a user's own reads a group, or copies it. */
  readonly #keeps: boolean;
  readonly #ofRecord: number;
  readonly #ofNone: number;
  readonly #fields: readonly string[] | undefined;
  #accumulator: unknown;
  #isOpen = false;
  #seen: Seen | undefined;

  constructor(aggregator: Aggregator<unknown, unknown>, { verb, fn }: AggregateSink, blame: Blame) {
    const watching = looksForFields(aggregator) ? aggregator : undefined;
    this.#aggregator = watching?.given ?? aggregator;
    this.#fields = watching?.fields;
    this.#keeps = moduleRefOf(aggregator) !== undefined;
    this.#blame = blame;
    [this.#ofRecord, this.#ofNone] = [stepOf(verb, fn, 'record'), stepOf(verb, fn)];
  }

  push(record: unknown): void {
    if (!this.#isOpen) this.#open();
    this.#blame.step = this.#ofRecord;
    const seen = this.#seen;
    // The first record nearly always has all fields.
    if (seen !== undefined && seen.unseen.length > 0) this.#seen = seenIn(seen, record);
    this.#accumulator = this.#aggregator.add(
      this.#accumulator,
      this.#keeps ? withValuesInMemory(record) : record,
    );
  }

  end(): PartialResult {
    if (!this.#isOpen) return [];
    this.#isOpen = false;
    const seen = this.#seen;
    return [seen === undefined ? this.#accumulator : { ...seen, value: this.#accumulator }];
  }

  #open(): void {
    this.#blame.step = this.#ofNone;
    this.#accumulator = this.#aggregator.zero();
    this.#isOpen = true;
    if (this.#fields !== undefined) this.#seen = { unseen: this.#fields, known: undefined };
  }
}
