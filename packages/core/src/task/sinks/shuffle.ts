import type { MapOutput } from '../../blocks/segment.js';
import type { Shuffle, Sink } from '../../plan/node.js';
import { combineWriter } from '../../shuffle/combine/writer.js';
import { groupWriter } from '../../shuffle/group/writer.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { sortWriter } from '../../shuffle/sort/writer.js';
import { encode } from '../../values/codec.js';
import { asPair } from '../blame/pairs.js';
import { stepOf } from '../blame/step.js';
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
  const { writer, push } = gatheringOf(shuffle, partitions, context);
  let [extent, chunks] = [0, 0];
  return {
    isFull: false,
    push,
    endChunk() {
      chunks += 1;
      if (chunks !== extents[extent]) return;
      [extent, chunks] = [extent + 1, 0];
      writer.endExtent?.();
    },
    finish() {
      const output = writer.finish();
      return { value: encode(output, 'result'), bytes: output.bytes };
    },
    abort: () => writer.abort(),
  };
}

interface Gathering {
  readonly writer: Writer;
  readonly push: OpenSink['push'];
}

function gatheringOf(shuffle: Shuffle<number>, partitions: number, context: TaskContext): Gathering {
  switch (shuffle.kind) {
    case 'group':
      return grouping(shuffle, partitions, context);
    case 'sort':
      return sorting(shuffle, context);
    default:
      return combining(shuffle, partitions, context);
  }
}

function grouping(
  { verb, tags }: Extract<Shuffle<number>, { kind: 'group' }>,
  partitions: number,
  { blame, place, usage }: TaskContext,
): Gathering {
  const writer = seen(groupWriter(tags, partitions, place.spill), usage);
  const step = stepOf(verb, -1);
  return into(writer, (given, tag) => {
    blame.step = step;
    const pair = asPair(withValuesInMemory(given), blame);
    writer.add(pair[0], tag, pair[1]);
  });
}

function sorting(
  shuffle: Extract<Shuffle<number>, { kind: 'sort' }>,
  { functions, blame, place, usage }: TaskContext,
): Gathering {
  const { verb, fn } = shuffle;
  const keyOf = functions.fn(fn);
  const writer = seen(sortWriter(shuffle, place.spill), usage);
  const step = stepOf(verb, fn, 'record');
  return into(writer, (given) => {
    blame.step = step;
    const record = withValuesInMemory(given);
    writer.add(keyOf(record), record);
  });
}

function combining(
  shuffle: Exclude<Shuffle<number>, { kind: 'group' | 'sort' }>,
  partitions: number,
  { functions, blame, place, usage }: TaskContext,
): Gathering {
  const writer = seen(combineWriter(combiningOf(shuffle, functions), partitions, place.spill), usage);
  const { kind, verb } = shuffle;
  const fn = ('fn' in shuffle ? shuffle.fn : undefined) ?? -1;
  // What `reduce` folds two values with sees no single record.
  const step = stepOf(verb, fn, kind === 'aggregate' || kind === 'distinct' ? 'record' : 'other');
  const keyOf = kind === 'distinct' && fn >= 0 ? functions.fn(fn) : undefined;
  if (kind === 'distinct' || (kind === 'count' && shuffle.key === 'record')) {
    return into(writer, (pushed) => {
      blame.step = step;
      const record = withValuesInMemory(pushed);
      writer.add(keyOf ? keyOf(record) : record, record);
    });
  }
  return into(writer, (pushed) => {
    blame.step = step;
    const pair = asPair(withValuesInMemory(pushed), blame);
    writer.add(pair[0], pair[1]);
  });
}

function into(writer: Writer, push: OpenSink['push']): Gathering {
  return { writer, push };
}

/** A writer that shows its keys besides, where somebody watches the run. */
function seen<W extends Writer & { add(key: unknown, ...rest: never[]): void }>(
  writer: W,
  usage: TaskContext['usage'],
): W {
  if (usage === undefined) return writer;
  const { keys } = usage;
  // To gather the rest of the arguments and to spread them again would cost as much as a tenth of a combining verb.
  const add = (key: unknown, one: never, other: never): void => {
    keys.see(key);
    writer.add(key, one, other);
  };
  return { ...writer, add };
}
