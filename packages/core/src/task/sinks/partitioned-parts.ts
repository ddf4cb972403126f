import { SourceError } from '../../errors.js';
import type { Partitioner } from '../../plan/partition-by.js';
import type { Part } from '../../protocol/reply.js';
import type { PartFile } from './part-file.js';
import type { PartEncoder } from './part-format.js';
import type { MakeFile, Parts } from './parts.js';

/** Files of a task that have a descriptor; the one that was written to longest ago gives its own back. */
const OPEN_FILES = 64;
/** What files and encoders hold together before they write it. */
const HELD = 16 * 2 ** 20;
/** Directories of a task: whoever has more has partitioned by what tells records apart. */
const DIRECTORIES = 10_000;

interface OpenPart {
  readonly encoder: PartEncoder;
  readonly file: PartFile;
  records: number;
}

export interface Partitioning {
  readonly format: () => PartEncoder;
  readonly makeFile: MakeFile;
  readonly place: Partitioner;
  /** Tells the blame that the user's function runs, or the encoder. */
  readonly enter: (isPlacing: boolean) => void;
  /** The output, for messages. */
  readonly target: string;
}

/** One part in each directory that records of a task belong to, with few files open and little held at a time. */
export function partitionedParts({ format, makeFile, place, enter, target }: Partitioning): Parts {
  const parts = new Map<string, OpenPart>();
  const open = new OpenFiles();
  let held = 0;

  function settle(): void {
    for (const { encoder, file } of parts.values()) {
      if ((encoder.held ?? 0) > 0) file.add(encoder.flush?.() ?? '');
      file.rest();
    }
    open.clear();
    held = 0;
  }

  function begin(directory: string, encoder: PartEncoder): OpenPart {
    if (parts.size >= DIRECTORIES) throw tooMany(target);
    const part = { encoder, file: makeFile(`-p${parts.size}`), records: 0 };
    parts.set(directory, part);
    return part;
  }

  return {
    add(given) {
      enter(true);
      const { directory, record } = place(given);
      enter(false);
      let part = parts.get(directory);
      const encoder = part?.encoder ?? format();
      const before = part === undefined ? 0 : holds(part);
      const piece = encoder.encode(record);
      part ??= begin(directory, encoder);
      part.file.add(piece);
      part.records += 1;
      held -= open.use(part.file);
      held += holds(part) - before;
      if (held > HELD) settle();
    },
    finish() {
      const written: Part[] = [];
      for (const [directory, { encoder, file, records }] of parts) {
        const end = encoder.end?.();
        if (end !== undefined) file.add(end);
        written.push({ ...file.finish(), directory, records });
      }
      return written;
    },
    abort() {
      for (const { file } of parts.values()) file.remove();
    },
  };
}

/** The files that have a descriptor. */
class OpenFiles {
  /** The one that was written to last is at the end. */
  readonly #files = new Set<PartFile>();

  /** Notes which file was written to last; gives how much another one has written to give its descriptor back. */
  use(file: PartFile): number {
    const files = this.#files;
    if (!file.isOpen) {
      files.delete(file);
      return 0;
    }
    // To move it each time would cost more than to write a record: of few files none is closed.
    if (files.size > OPEN_FILES / 2) files.delete(file);
    files.add(file);
    if (files.size <= OPEN_FILES) return 0;
    const oldest = files.values().next().value!;
    files.delete(oldest);
    const written = oldest === file ? 0 : oldest.held;
    oldest.rest();
    return written;
  }

  /** All of them have given their descriptors back. */
  clear(): void {
    this.#files.clear();
  }
}

function holds({ encoder, file }: OpenPart): number {
  return (encoder.held ?? 0) + file.held;
}

function tooMany(target: string): SourceError {
  return new SourceError(
    `partitionBy makes more than ${DIRECTORIES} directories of what one task writes to ${target}: partition by something that ` +
      'fewer records differ in, or write without it',
    { file: target },
  );
}
