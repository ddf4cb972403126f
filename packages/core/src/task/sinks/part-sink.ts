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

/** The sink of a writing verb, with a file of the task's own: gives `[part]`, or `[]` for a task without records. */
export function partSink(sink: WriteSink<number>, { functions, blame, place }: TaskContext): OpenSink {
  const { verb, fn, gzip, target } = sink;
  const { spill, parts } = place;
  const disk =
    parts === spill.directory
      ? { directory: parts, remedy: roomElsewhere(spill.isDurable) }
      : { directory: target, remedy: 'write to another disk' };
  let file: PartFile | undefined;
  let encoder: PartEncoder | undefined;
  let records = 0;
  const step = stepOf(verb, fn, 'written');

  function finish(): Part[] {
    if (file === undefined) return [];
    const end = encoder?.end?.();
    if (end !== undefined) file.add(end);
    return [{ ...file.finish(), records }];
  }

  return {
    isFull: false,
    push(record) {
      blame.step = step;
      encoder ??= functions.format(fn).open();
      const piece = encoder.encode(withValuesInMemory(record));
      if (file === undefined) {
        if (parts === spill.directory) spill.prepare?.();
        file = new PartFile({ path: join(parts, spill.name), gzip, ...disk });
      }
      file.add(piece);
      records += 1;
    },
    endChunk: () => undefined,
    finish() {
      const written = finish();
      const bytes = written.reduce((sum, part) => sum + part.bytes, 0);
      return { value: encode(written, 'result'), bytes };
    },
    abort: () => file?.remove(),
  };
}
