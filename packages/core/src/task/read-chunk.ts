import type { WireBranch } from '../plan/compiled-plan.js';
import type { BucketChunk, SortedChunk, TaskChunk } from '../protocol/task-message.js';
import type { Batches, SourceChunk } from '../source/source.js';
import { readBucket } from './sinks/read-bucket.js';
import type { TaskContext } from './task-context.js';

/** The records of a chunk: of a source, of a bucket or of a range of keys. */
export function readChunk({ source }: TaskChunk, { from }: WireBranch, context: TaskContext): Batches {
  if ('shuffle' in from) return readBucket(from.shuffle, source as BucketChunk | SortedChunk, context);
  return context.functions.reader(from.reader).read(source as SourceChunk);
}
