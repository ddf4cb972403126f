import type { Segment, TaskChunk, TaskMessage } from '@forkfold/core/engine';
import type { RunFile, ShippedInput } from '../ship/run-file.js';
import type { BucketGroup, HeldSegment } from './bucket-groups.js';

/** The tasks that read a group of buckets: one for each branch of the stage that reads the shuffle. */
export function* groupTasks(
  group: BucketGroup,
  { file, stage }: { readonly file: RunFile; readonly stage: number },
): Generator<TaskMessage> {
  for (const input of file.run.stages[stage]!.inputs) {
    if (input.from !== group.from) continue;
    yield input.tasks === undefined
      ? bucketTask(group, input, stage)
      : rangeTask(group, file.task(stage, input.tasks + group.group), group.group * input.span);
  }
}

/** A bucket that nothing fell into is a chunk, too, as long as another one of its task holds something. */
function bucketTask(
  group: BucketGroup,
  { branch, first, span, buckets }: ShippedInput,
  stage: number,
): TaskMessage {
  const begin = group.group * span;
  const end = Math.min(begin + span, buckets);
  const segments = Array.from({ length: end - begin }, (): Segment[] => []);
  for (const held of group.segments) segments[held.bucket - begin]!.push(segmentOf(held, group.file));
  const chunks = segments.map((ofBucket, i): TaskChunk => ({
    number: first + begin + i,
    branch,
    source: { kind: 'bucket', segments: ofBucket },
  }));
  return { run: 'run', stage, name: `${stage}-${first + begin}`, chunks };
}

/** The driver knows all of a range but its bytes. */
function rangeTask(group: BucketGroup, task: TaskMessage, firstRange: number): TaskMessage {
  const held = new Map(group.segments.map((segment) => [`${segment.bucket} ${segment.task}`, segment]));
  const chunks = task.chunks.map((chunk, i): TaskChunk => {
    const { source } = chunk;
    if (!isRange(source)) return chunk;
    const slices = source.partition.slices.map(({ run, segment }) => {
      const bytes = held.get(`${firstRange + i} ${run}`);
      if (bytes?.blocks !== segment.length) throw new RangeError(`Run ${run} of a sort is not whole`);
      return { run, segment: { ...segmentOf(bytes, group.file), entries: segment.entries } };
    });
    return { ...chunk, source: { ...source, partition: { ...source.partition, slices } } };
  });
  return { ...task, chunks };
}

type Range = Extract<TaskChunk['source'], { readonly kind: 'sorted' }>;

function isRange(source: TaskChunk['source']): source is Range {
  return 'partition' in source;
}

function segmentOf({ bucket, entries, length, pieces, offset }: HeldSegment, file: string): Segment {
  if (pieces === undefined) return { bucket, entries, length, file, offset };
  return { bucket, entries, length, data: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) };
}
