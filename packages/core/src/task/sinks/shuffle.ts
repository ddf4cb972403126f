import type { MapOutput } from '../../blocks/segment.js';
import type { Shuffle } from '../../plan/node.js';
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
  finish(): MapOutput;
  abort(): void;
}

/** The sink of a keyed verb: buckets of keys, or sorted runs. */
export function shuffleSink(shuffle: Shuffle<number>, partitions: number, context: TaskContext): OpenSink {
  switch (shuffle.kind) {
    case 'group':
      return groupSink(shuffle, partitions, context);
    case 'sort':
      return sortSink(shuffle, context);
    default:
      return combineSink(shuffle, partitions, context);
  }
}

function groupSink(
  { verb, tags }: Extract<Shuffle<number>, { kind: 'group' }>,
  partitions: number,
  { blame, place }: TaskContext,
): OpenSink {
  const writer = groupWriter(tags, partitions, place.spill);
  const step = stepOf(verb, -1);
  return sinkOf(writer, (given, tag) => {
    blame.step = step;
    const pair = asPair(withValuesInMemory(given), blame);
    writer.add(pair[0], tag, pair[1]);
  });
}

function sortSink(
  shuffle: Extract<Shuffle<number>, { kind: 'sort' }>,
  { functions, blame, place }: TaskContext,
): OpenSink {
  const { verb, fn } = shuffle;
  const keyOf = functions.fn(fn);
  const writer = sortWriter(shuffle, place.spill);
  const step = stepOf(verb, fn, 'record');
  return sinkOf(writer, (given) => {
    blame.step = step;
    const record = withValuesInMemory(given);
    writer.add(keyOf(record), record);
  });
}

function combineSink(
  shuffle: Exclude<Shuffle<number>, { kind: 'group' | 'sort' }>,
  partitions: number,
  { functions, blame, place }: TaskContext,
): OpenSink {
  const writer = combineWriter(combiningOf(shuffle, functions), partitions, place.spill);
  const { kind, verb } = shuffle;
  const fn = ('fn' in shuffle ? shuffle.fn : undefined) ?? -1;
  // What `reduce` folds two values with sees no single record.
  const step = stepOf(verb, fn, kind === 'aggregate' || kind === 'distinct' ? 'record' : 'other');
  const keyOf = kind === 'distinct' && fn >= 0 ? functions.fn(fn) : undefined;
  if (kind === 'distinct' || (kind === 'count' && shuffle.key === 'record')) {
    return sinkOf(writer, (pushed) => {
      blame.step = step;
      const record = withValuesInMemory(pushed);
      writer.add(keyOf ? keyOf(record) : record, record);
    });
  }
  return sinkOf(writer, (pushed) => {
    blame.step = step;
    const pair = asPair(withValuesInMemory(pushed), blame);
    writer.add(pair[0], pair[1]);
  });
}

function sinkOf(writer: Writer, push: OpenSink['push']): OpenSink {
  return {
    isFull: false,
    push,
    endChunk: () => undefined,
    finish() {
      const output = writer.finish();
      return { value: encode(output, 'result'), bytes: output.bytes };
    },
    abort: () => writer.abort(),
  };
}
