import type { MapOutput } from '../../blocks/segment.js';
import type { Shuffle, Sink } from '../../plan/node.js';
import { CombineWriter } from '../../shuffle/combine/writer.js';
import { GroupWriter } from '../../shuffle/group/writer.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { SortWriter } from '../../shuffle/sort/writer.js';
import { encode } from '../../values/codec.js';
import type { Blame } from '../blame/blame.js';
import { asPair } from '../blame/pairs.js';
import { stepOf } from '../blame/step.js';
import type { Fn } from '../functions.js';
import type { TaskContext } from '../task-context.js';
import { combiningOf } from './combining-of.js';
import type { OpenSink } from './open-sink.js';

/** The map side of a keyed verb. */
interface Writer {
  /** Where results depend on which records were taken together. */
  endExtent?(): void;
  finish(): MapOutput;
  abort(): void;
}

interface KeyedWriter extends Writer {
  /** @param hint See `Batch.hints`. */
  add(key: unknown, value: unknown, hint: number): void;
}

interface TaggedWriter extends Writer {
  add(key: unknown, tag: number, value: unknown): void;
}

/** Brings records to a writer; a class, for the reason that `CombineWriter` gives. */
interface Gathering {
  readonly writer: Writer;
  push(record: unknown, tag: number): void;
  pushPair(key: unknown, value: unknown, tag: number): void;
}

type ShuffleSink = Extract<Sink<number>, { kind: 'shuffle' }>;

/**
 * The sink of a keyed verb: buckets of keys, or sorted runs.
 *
 * @param extents How many chunks are combined before others begin anew, one after the other.
 */
export function shuffleSink(
  { shuffle, partitions }: ShuffleSink,
  context: TaskContext,
  extents: readonly number[] = [],
): OpenSink {
  return new Gathered(gatheringOf(shuffle, partitions, context), extents);
}

class Gathered implements OpenSink {
  readonly isFull = false;
  readonly #gathering: Gathering;
  readonly #extents: readonly number[];
  #extent = 0;
  #chunks = 0;

  constructor(gathering: Gathering, extents: readonly number[]) {
    this.#gathering = gathering;
    this.#extents = extents;
  }

  push(record: unknown, tag: number): void {
    this.#gathering.push(record, tag);
  }

  pushPair(key: unknown, value: unknown, tag: number): void {
    this.#gathering.pushPair(key, value, tag);
  }

  endChunk(): void {
    this.#chunks += 1;
    if (this.#chunks !== this.#extents[this.#extent]) return;
    [this.#extent, this.#chunks] = [this.#extent + 1, 0];
    this.#gathering.writer.endExtent?.();
  }

  finish(): ReturnType<OpenSink['finish']> {
    const output = this.#gathering.writer.finish();
    return { value: encode(output, 'result'), bytes: output.bytes };
  }

  abort(): void {
    this.#gathering.writer.abort();
  }
}

function gatheringOf(shuffle: Shuffle<number>, partitions: number, context: TaskContext): Gathering {
  switch (shuffle.kind) {
    case 'group':
      return new Grouping(shuffle, partitions, context);
    case 'sort':
      return new Sorting(shuffle, context);
    default:
      return combining(shuffle, partitions, context);
  }
}

class Grouping implements Gathering {
  readonly writer: TaggedWriter;
  readonly #blame: Blame;
  readonly #step: number;

  constructor(
    { verb, tags }: Extract<Shuffle<number>, { kind: 'group' }>,
    partitions: number,
    { blame, place, usage }: TaskContext,
  ) {
    this.writer = seen(new GroupWriter(tags, partitions, place.spill), usage);
    this.#blame = blame;
    this.#step = stepOf(verb, -1);
  }

  push(given: unknown, tag: number): void {
    this.#blame.step = this.#step;
    const pair = asPair(withValuesInMemory(given), this.#blame);
    this.writer.add(pair[0], tag, pair[1]);
  }

  pushPair(key: unknown, value: unknown, tag: number): void {
    this.#blame.step = this.#step;
    this.writer.add(withValuesInMemory(key), tag, withValuesInMemory(value));
  }
}

class Sorting implements Gathering {
  readonly writer: KeyedWriter;
  readonly #blame: Blame;
  readonly #step: number;
  readonly #keyOf: Fn;

  constructor(
    shuffle: Extract<Shuffle<number>, { kind: 'sort' }>,
    { functions, blame, place, usage }: TaskContext,
  ) {
    const { verb, fn } = shuffle;
    this.writer = seen(new SortWriter(shuffle, place.spill), usage);
    this.#blame = blame;
    this.#step = stepOf(verb, fn, 'record');
    this.#keyOf = functions.fn(fn);
  }

  push(given: unknown): void {
    this.#blame.step = this.#step;
    const record = withValuesInMemory(given);
    const { writer } = this;
    const keyOf = this.#keyOf;
    writer.add(keyOf(record), record, 0);
  }

  pushPair(key: unknown, value: unknown): void {
    this.push([key, value]);
  }
}

type CombiningShuffle = Exclude<Shuffle<number>, { kind: 'group' | 'sort' }>;

function combining(shuffle: CombiningShuffle, partitions: number, context: TaskContext): Gathering {
  const { functions, blame, place, usage } = context;
  const writer = seen(new CombineWriter(combiningOf(shuffle, functions), partitions, place.spill), usage);
  const { kind, verb } = shuffle;
  const fn = ('fn' in shuffle ? shuffle.fn : undefined) ?? -1;
  // What `reduce` folds two values with sees no single record.
  const step = stepOf(verb, fn, kind === 'aggregate' || kind === 'distinct' ? 'record' : 'other');
  const isOfRecords = kind === 'distinct' || (kind === 'count' && shuffle.key === 'record');
  if (!isOfRecords) return new CombiningPairs(writer, blame, step);
  const keyOf = kind === 'distinct' && fn >= 0 ? functions.fn(fn) : undefined;
  return new CombiningRecords(writer, blame, step, keyOf);
}

class CombiningPairs implements Gathering {
  readonly writer: KeyedWriter;
  readonly #blame: Blame;
  readonly #step: number;

  constructor(writer: KeyedWriter, blame: Blame, step: number) {
    this.writer = writer;
    this.#blame = blame;
    this.#step = step;
  }

  push(given: unknown): void {
    this.#blame.step = this.#step;
    const pair = asPair(withValuesInMemory(given), this.#blame);
    this.writer.add(pair[0], pair[1], this.#blame.hint);
  }

  pushPair(key: unknown, value: unknown): void {
    this.#blame.step = this.#step;
    this.writer.add(withValuesInMemory(key), withValuesInMemory(value), this.#blame.hint);
  }
}

/** The record is the value, and its own key unless a function says another one. */
class CombiningRecords implements Gathering {
  readonly writer: KeyedWriter;
  readonly #blame: Blame;
  readonly #step: number;
  readonly #keyOf: Fn | undefined;

  constructor(writer: KeyedWriter, blame: Blame, step: number, keyOf: Fn | undefined) {
    this.writer = writer;
    this.#blame = blame;
    this.#step = step;
    this.#keyOf = keyOf;
  }

  push(given: unknown): void {
    this.#blame.step = this.#step;
    const record = withValuesInMemory(given);
    const keyOf = this.#keyOf;
    this.writer.add(keyOf === undefined ? record : keyOf(record), record, this.#blame.hint);
  }

  pushPair(key: unknown, value: unknown): void {
    this.push([key, value]);
  }
}

/** A writer that shows its keys besides, where somebody watches the run. */
function seen(writer: KeyedWriter | TaggedWriter, usage: TaskContext['usage']): KeyedWriter & TaggedWriter {
  const { keys } = usage ?? {};
  const own = writer as Writer as KeyedWriter & TaggedWriter;
  if (keys === undefined) return own;
  return {
    // To gather the rest of the arguments and to spread them again would cost as much as a tenth of a combining verb.
    add(key: unknown, one: unknown, other?: unknown): void {
      keys.see(key);
      own.add(key, one as number, other);
    },
    endExtent: () => own.endExtent?.(),
    finish: () => own.finish(),
    abort: () => own.abort(),
  };
}
