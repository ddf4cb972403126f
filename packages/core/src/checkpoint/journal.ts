import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { roomElsewhere, writeError } from '../disk/write-error.js';
import { OptionError } from '../errors.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { TaskResult } from '../protocol/task-result.js';

/** Finished tasks, kept on disk. */
export interface Journal {
  /** The tasks of a stage that writes so many buckets; 0 where it writes none. */
  ofStage(buckets: number): StageJournal;
  /** Never throws: by then the run has its result, or an error of its own. */
  close(): void;
}

export interface StageJournal {
  /** The result of a task that an earlier run finished. @throws OptionError where it had another input. */
  find(task: TaskMessage): TaskResult | undefined;
  /** @throws SourceError when the disk is full or fails, also for what was recorded before. */
  record(task: TaskMessage, result: TaskResult): void;
}

/** Milliseconds after which what was written is on the disk for good: a power cut costs that much work. */
const SYNC = 1000;
/** Length of the payload and its checksum, 4 bytes each. */
const HEADER = 8;

interface Entry {
  readonly task: string;
  readonly digest: string;
  /** It depends on the size of all input; results of tasks with unlike numbers would hold a key twice. */
  readonly buckets: number;
  readonly result: TaskResult;
}

/**
 * Opens a journal, or begins one. Entries are appended as `length, CRC-32, payload`; reading ends at the first that is
 * torn or damaged, and that one and what follows it is cut off.
 */
export function openJournal(path: string): Journal {
  const file = openSync(path, 'a+', 0o600);
  const index = new Map<string, { offset: number; length: number }>();
  let end = 0;
  let timer: NodeJS.Timeout | undefined;
  let broken: { cause: unknown } | undefined;

  function read(offset: number, length: number): Buffer | undefined {
    const bytes = Buffer.allocUnsafe(length);
    return readSync(file, bytes, 0, length, offset) === length ? bytes : undefined;
  }

  function sync(): void {
    clearTimeout(timer);
    timer = undefined;
    try {
      fdatasyncSync(file);
    } catch (cause) {
      // In a timer nobody would catch it.
      broken = { cause };
    }
  }

  /** As a whole or not at all: what follows a torn entry would be lost. */
  function append(bytes: Uint8Array): void {
    let written = 0;
    try {
      if (broken) throw broken.cause;
      while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written);
    } catch (cause) {
      const [directory, done, what] = [dirname(path), end + written, 'its journal'];
      ftruncateSync(file, end);
      const remedy = roomElsewhere(true);
      throw writeError(cause, { directory, file: path, done, what, remedy });
    }
    end += written;
  }

  const size = fstatSync(file).size;
  while (end + HEADER <= size) {
    const header = read(end, HEADER)!;
    const length = header.readUInt32LE(0);
    // After a power cut there may be zeros at the end: no length, and the checksum of nothing.
    if (length === 0 || end + HEADER + length > size) break;
    const payload = read(end + HEADER, length);
    if (payload === undefined || crc32(payload) !== header.readUInt32LE(4)) break;
    const task = taskIn(payload);
    if (task === undefined) break;
    index.set(task, { offset: end + HEADER, length });
    end += HEADER + length;
  }
  ftruncateSync(file, end);

  const ofStage = (buckets: number): StageJournal => ({
    find(task) {
      const at = index.get(nameOf(task));
      if (at === undefined) return undefined;
      const entry = deserialize(read(at.offset, at.length)!) as Entry;
      const { number } = task.chunks[0]!;
      const changed =
        entry.digest !== digestOf(task)
          ? `Chunk ${number} of the input`
          : entry.buckets !== buckets
            ? 'The size of the input'
            : undefined;
      if (changed === undefined) return entry.result;
      const text = `${changed} is not what it was when the checkpoint was made`;
      throw new OptionError(`${text}: give the same input, or remove the checkpoint`, 'checkpoint');
    },
    record(task, result) {
      const entry: Entry = { task: nameOf(task), digest: digestOf(task), buckets, result };
      const payload = serialize(entry);
      const header = Buffer.allocUnsafe(HEADER);
      header.writeUInt32LE(payload.length, 0);
      header.writeUInt32LE(crc32(payload), 4);
      append(Buffer.concat([header, payload]));
      timer ??= setTimeout(sync, SYNC).unref();
    },
  });

  return {
    ofStage,
    close() {
      sync();
      closeSync(file);
    },
  };
}

function taskIn(payload: Buffer): string | undefined {
  try {
    return (deserialize(payload) as Entry).task;
  } catch {
    return undefined;
  }
}

function nameOf({ stage, chunks }: TaskMessage): string {
  return `${stage}-${chunks[0]!.number}`;
}

function digestOf({ chunks }: TaskMessage): string {
  return createHash('sha256').update(serialize(chunks)).digest('hex').slice(0, 32);
}
