import type { WireBranch, WireStage } from '../plan/compiled-plan.js';
import { isEmptyBucket, type TaskChunk } from '../protocol/task-message.js';
import type { Batches } from '../source/source.js';
import type { Blame } from './blame/blame.js';
import type { Ending } from './ending.js';
import { readChunk } from './read-chunk.js';
import type { TaskContext } from './task-context.js';
import type { Parse } from './verbs/chain.js';
import { openPipeline, type OpenPipeline } from './verbs/pipeline.js';
import type { Receiver } from './verbs/walk.js';

/** What becomes of the chunks of a task. */
export interface ChunkWork {
  /** Sends the records of a chunk through the verbs. `blame` is where that stands. */
  run(chunk: TaskChunk, into: Receiver, blame: Blame): void | Promise<void>;
  /** Where the records of a chunk end. */
  receiver(chunk: TaskChunk): Receiver;
  /** After the last record of a chunk. */
  end(): void;
}

/** What the chunks of a task have in common. */
export interface WorkOf {
  readonly stage: WireStage;
  readonly ending: Ending;
  readonly context: TaskContext;
  /** Leaves out records that are not to be worked on. */
  select(batches: Batches, blame: Blame): Batches;
}

export function chunkWork(of: WorkOf): ChunkWork {
  const { stage, ending, context } = of;
  const { blame, usage } = context;
  /** By their branches. Chunks one after the other have one place to stand at, and most often one to end at. */
  const opened: { readonly into: Receiver; readonly pipeline: OpenPipeline }[] = [];

  function pipelineInto(into: Receiver, { branch }: TaskChunk, own: Blame): OpenPipeline {
    const known = opened[branch];
    if (own === blame && known?.into === into) return known.pipeline;
    const its = own === blame ? context : { ...context, blame: own };
    const verbs = { ...parseOf(stage.branches[branch]!, its), ops: ending.opsOf(branch), branch };
    const pipeline = openPipeline(verbs, into, its);
    if (own === blame) opened[branch] = { into, pipeline };
    return pipeline;
  }

  return {
    receiver: (chunk) => ending.receiver(chunk),
    run(chunk, into, own) {
      usage?.begin();
      if (isEmptyBucket(chunk)) return;
      const its = own === blame ? context : { ...context, blame: own };
      const read = readChunk(chunk, stage.branches[chunk.branch]!, its);
      const batches = of.select(usage?.pulses?.watch(read) ?? read, own);
      const pipeline = pipelineInto(into, chunk, own);
      const pending = pipeline(batches, chunk.number);
      return pending === undefined ? ending.rest() : pending.then(() => ending.rest());
    },
    end() {
      usage?.end(blame.records);
      ending.endChunk();
    },
  };
}

function parseOf({ from }: WireBranch, { functions }: TaskContext): { parse?: Parse } {
  if ('shuffle' in from) return {};
  const reader = functions.reader(from.reader);
  if (reader.parse === undefined) return {};
  return { parse: { verb: from.source, fn: from.reader, parse: (read) => reader.parse!(read) } };
}
