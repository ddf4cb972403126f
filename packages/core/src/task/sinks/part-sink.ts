import { join } from 'node:path';
import { roomElsewhere } from '../../disk/write-error.js';
import type { WriteSink } from '../../plan/node.js';
import type { Part } from '../../protocol/reply.js';
import { withValuesInMemory } from '../../shuffle/group/spilled-values.js';
import { encode } from '../../values/codec.js';
import { stepOf } from '../blame/step.js';
import type { TaskContext } from '../task-context.js';
import type { OpenSink } from './open-sink.js';
import type { PartEncoder } from './part-format.js';
import { PartFile } from './part-file.js';
import type { MakeFile, Parts } from './parts.js';
import { partitionedParts } from './partitioned-parts.js';

/**
 * The sink of a writing verb, with files of the task's own: gives the parts, `[]` for a task without records.
 *
 * @param extents How many chunks make a part, before others make the next one. @default all of the task
 */
export function partSink(
  sink: WriteSink<number>,
  context: TaskContext,
  extents: readonly number[] = [],
): OpenSink {
  const { blame, functions } = context;
  const { verb, fn, partition } = sink;
  const format = (): PartEncoder => functions.format(fn).open();
  const step = stepOf(verb, fn, 'written');
  // What a format has left to write at its end is of no single record.
  const ending = stepOf(verb, fn, 'other');
  const placing = stepOf(`${verb}.partitionBy`, partition ?? -1, 'written');
  const open = (extent: number): Parts => {
    const makeFile = fileMaker(sink, context, extent === 0 ? '' : `-${extent}`);
    return partition === undefined
      ? onePart(format, makeFile)
      : partitionedParts({
          format,
          makeFile,
          target: sink.target,
          place: functions.partitioner(partition),
          enter: (isPlacing) => void (blame.step = isPlacing ? placing : step),
        });
  };
  const all = [open(0)];
  const written: Part[] = [];
  let parts = all[0]!;
  let chunks = 0;
  const end = (): void => {
    blame.step = ending;
    written.push(...parts.finish());
  };
  return {
    isFull: false,
    push(record) {
      blame.step = step;
      parts.add(withValuesInMemory(record));
    },
    endChunk() {
      chunks += 1;
      if (chunks !== extents[all.length - 1] || all.length === extents.length) return;
      end();
      parts = open(all.length);
      all.push(parts);
      chunks = 0;
    },
    finish() {
      end();
      const bytes = written.reduce((sum, part) => sum + part.bytes, 0);
      return { value: encode(written, 'result'), bytes };
    },
    abort: () => all.forEach((one) => one.abort()),
  };
}

function onePart(format: () => PartEncoder, makeFile: MakeFile): Parts {
  let file: PartFile | undefined;
  let encoder: PartEncoder | undefined;
  let records = 0;
  return {
    add(record) {
      encoder ??= format();
      const piece = encoder.encode(record);
      file ??= makeFile('');
      file.add(piece);
      records += 1;
    },
    finish() {
      if (file === undefined) return [];
      const end = encoder?.end?.();
      if (end !== undefined) file.add(end);
      return [{ ...file.finish(), records }];
    },
    abort: () => file?.remove(),
  };
}

function fileMaker({ gzip, target }: WriteSink<number>, { place }: TaskContext, extent: string): MakeFile {
  const { spill, parts } = place;
  const disk =
    parts === spill.directory
      ? { directory: parts, remedy: roomElsewhere(spill.isDurable) }
      : { directory: target, remedy: 'write to another disk' };
  return (ending) => {
    if (parts === spill.directory) spill.prepare?.();
    return new PartFile({ path: join(parts, spill.name + extent + ending), gzip, ...disk });
  };
}
