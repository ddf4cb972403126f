import type { WireStage } from '../plan/compiled-plan.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { Batch, Batches } from '../source/source.js';
import { encode } from '../values/codec.js';
import { preview } from '../values/preview.js';
import { recordSelector } from './blame/select-records.js';
import { readChunk } from './read-chunk.js';
import type { TaskContext } from './task-context.js';

/** Where a record of a task stands, for a message about it. */
export async function describeRecord(
  { chunks }: TaskMessage,
  record: number,
  { branches }: WireStage,
  context: TaskContext,
): Promise<Uint8Array> {
  const { blame } = context;
  const selector = recordSelector({ only: [record, record + 1] });
  for (const chunk of chunks) {
    blame.chunk = chunk.number;
    const batches = readChunk(chunk, branches[chunk.branch]!, context);
    const batch = await firstOf(selector.select(batches, blame));
    if (batch === undefined) continue;
    const shown = batch.shown === undefined ? batch.records[0] : batch.shown(0);
    return encode({ chunk: chunk.number, ...batch.locate(0), preview: preview(shown) }, 'result');
  }
  return encode({ chunk: blame.chunk, preview: '' }, 'result');
}

async function firstOf(batches: Batches): Promise<Batch | undefined> {
  const iterator =
    Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  const next = await iterator.next();
  await iterator.return?.();
  return next.done === true ? undefined : next.value;
}
