import type { WireStage } from '../plan/compiled-plan.js';
import type { Op } from '../plan/verbs.js';
import type { ResultBytes, TaskDone } from '../protocol/reply.js';
import type { TaskChunk, TaskMessage } from '../protocol/task-message.js';
import { resultIndex } from './blame/result-index.js';
import type { OpenSink } from './sinks/open-sink.js';
import { sinkOf } from './sinks/sink-of.js';
import type { TaskContext } from './task-context.js';
import type { Push, PushPair, Receiver } from './verbs/walk.js';

/** What a task answers, and what it says of it. */
export type Answered = Pick<TaskDone, 'value' | 'emitted'>;

/** Where the records of a task end: in one sink, or in those of all stages of a pass. */
export interface Ending {
  /** Whether chunks have to be worked on one after the other. */
  readonly isOneByOne: boolean;
  /** What the records of a branch pass before they come here. */
  opsOf(branch: number): readonly Op<number>[];
  receiver(chunk: TaskChunk): Receiver;
  /** What is left to do of a chunk once all of its records were pushed. */
  rest(): void | Promise<void>;
  endChunk(): void;
  finish(): Answered;
  /** What has been pushed since the last part, where there is something, and it can be handed over before the end. */
  takePart?(): Answered;
  /** Whether anything was pushed since the last part. */
  readonly hasMore: boolean;
  abort(): void;
}

/** The one sink of a task. `dropped` records are left out, since another attempt has handed them over. */
export function sinkEnding(
  { chunks, extents, given: dropped = 0 }: TaskMessage,
  stage: WireStage,
  context: TaskContext,
): Ending {
  const index = resultIndex(chunks, stage, context.skips !== undefined);
  const sink = sinkOf(stage.sink, context, { index, extents });
  const counter: Counter = { emitted: 0, dropped, taken: 0 };
  const receivers: Receiver[] = [];
  return {
    isOneByOne: false,
    opsOf: (branch) => stage.branches[branch]!.ops,
    receiver: ({ branch }) =>
      (receivers[branch] ??= new Counting(sink, stage.branches[branch]!.tag, counter)),
    rest: () => undefined,
    endChunk: () => sink.endChunk(),
    finish() {
      const { usage } = context;
      const { value, bytes } = usage ? usage.serializing(() => sink.finish()) : sink.finish();
      return { value, emitted: { records: counter.emitted - counter.taken, bytes } };
    },
    ...(sink.takePart && { takePart: () => partOf(sink.takePart!(), counter) }),
    get hasMore() {
      return counter.emitted > counter.taken;
    },
    abort: () => sink.abort(),
  };
}

/** Records that have reached the sink. */
interface Counter {
  emitted: number;
  /** How many are to be left out, since another attempt has handed them over. */
  dropped: number;
  /** How many were handed over. */
  taken: number;
}

function partOf(
  { value, bytes }: { readonly value: ResultBytes; readonly bytes: number },
  counter: Counter,
): Answered {
  const emitted = { records: counter.emitted - counter.taken, bytes };
  counter.taken = counter.emitted;
  return { value, emitted };
}

/** Where the records of a branch end, which are counted. */
class Counting implements Receiver {
  readonly isBounded: boolean;
  readonly push: Push;
  readonly pushPair: PushPair | undefined;
  readonly #sink: OpenSink;

  constructor(sink: OpenSink, tag: number, counter: Counter) {
    this.isBounded = sink.isBounded ?? false;
    this.#sink = sink;
    this.push = (record) => {
      if (counter.dropped > 0) counter.dropped -= 1;
      else {
        counter.emitted += 1;
        sink.push(record, tag);
      }
    };
    this.pushPair =
      sink.pushPair &&
      ((key, value) => {
        if (counter.dropped > 0) counter.dropped -= 1;
        else {
          counter.emitted += 1;
          sink.pushPair!(key, value, tag);
        }
      });
  }

  get isFull(): boolean {
    return this.#sink.isFull;
  }
}
