import { join } from 'node:path';
import type { WriteSink, WriteVerb } from '../../plan/node.js';
import { roomElsewhere } from '../../disk/write-error.js';
import type { ShuffleIo } from '../../shuffle/combining.js';
import { copySpilled } from '../../shuffle/group/spilled-values.js';
import type { Part } from '../../protocol/messages.js';
import type { Cursor } from '../blame/blame.js';
import { jsonLine } from './json-line.js';
import { PartFile } from './part-file.js';

/** The sink of `writeText` and `writeJsonLines`, with a file in `parts`: `[part]`, or `[]` for a task without records. */
export function partSink({ verb, gzip, target }: WriteSink, parts: string, io: ShuffleIo, cursor: Cursor) {
  const place =
    parts === io.directory
      ? { directory: parts, remedy: roomElsewhere(io.isDurable) }
      : { directory: target, remedy: 'write to another disk' };
  let file: PartFile | undefined;
  return {
    push(record: unknown): void {
      cursor.verb = verb;
      cursor.fn = -1;
      const line = lineOf[verb](record);
      file ??= new PartFile({ path: join(parts, io.name), gzip, ...place });
      file.line(line);
    },
    finish: (): Part[] => (file === undefined ? [] : [file.finish()]),
    abort: (): void => file?.remove(),
  };
}

const lineOf: Record<WriteVerb, (record: unknown) => string> = {
  writeText: textLine,
  writeJsonLines: (record) => jsonLine(copySpilled(record)),
};

// Lines must read back as the records that were written, so what would not is refused.
function textLine(record: unknown): string {
  if (typeof record !== 'string') {
    if (['number', 'bigint', 'boolean'].includes(typeof record)) return String(record);
    throw new TypeError(
      `writeText takes strings, numbers, bigints and booleans, not ${kind(record)}: map it to a string first`,
    );
  }
  if (record.includes('\n')) {
    throw new TypeError(
      'a record of writeText holds a line feed and would become several lines: split it by flatMap, or use writeJsonLines',
    );
  }
  if (!(record as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new TypeError(
      'a record of writeText holds a lone surrogate, which UTF-8 cannot write: map it with toWellFormed()',
    );
  }
  return record;
}

function kind(record: unknown): string {
  return record === null || record === undefined ? String(record) : `a value of type ${typeof record}`;
}
