import type { Sink } from '../../plan/node.js';
import type { TaskMessage } from '../../protocol/task-message.js';
import type { ResultIndex } from '../blame/result-index.js';
import type { TaskContext } from '../task-context.js';
import { collectSink } from './collect.js';
import { foldSink } from './fold.js';
import type { OpenSink } from './open-sink.js';
import { partSink } from './part-sink.js';
import { shuffleSink } from './shuffle.js';

/** What a sink may have to know of its task. */
export interface SunkTask {
  readonly extents: TaskMessage['extents'] | undefined;
  /** Where its records stand in the result of the run. */
  readonly index: ResultIndex;
  /** The chunks of each subtree of the run's tree, where a task that folds has several. */
  readonly spans?: readonly number[] | undefined;
}

/** Opens the sink of a task. */
export function sinkOf(
  sink: Sink<number>,
  context: TaskContext,
  { index, extents, spans }: SunkTask,
): OpenSink {
  switch (sink.kind) {
    case 'collect':
      return collectSink(sink.limit, context, index);
    case 'count':
    case 'reduce':
    case 'aggregate':
      return foldSink(sink, context, spans);
    case 'write':
      return partSink(sink, context, extents);
    case 'shuffle':
      return shuffleSink(sink, context, extents);
  }
}
