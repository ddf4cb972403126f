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
}

/** Opens the sink of a task. */
export function sinkOf(sink: Sink<number>, context: TaskContext, { index, extents }: SunkTask): OpenSink {
  switch (sink.kind) {
    case 'collect':
      return collectSink(sink.limit, context, index);
    case 'count':
    case 'reduce':
    case 'aggregate':
      return foldSink(sink, context);
    case 'write':
      return partSink(sink, context);
    case 'shuffle':
      return shuffleSink(sink, context, extents);
  }
}
