import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { OptionError } from '../errors.js';
import type { TaskMessage } from '../protocol/task-message.js';
import type { TaskResult } from '../protocol/task-result.js';
import { CheckedLog, type EntryPlace } from './checked-log.js';

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

interface Entry {
  readonly task: string;
  readonly digest: string;
  /** Results made with another bucket count cannot be mixed: a key would be in two buckets. */
  readonly buckets: number;
  readonly result: TaskResult;
}

/** Opens a journal, or begins one. */
export function openJournal(path: string): Journal {
  const places = new Map<string, EntryPlace>();
  const log = new CheckedLog(path, (payload, { offset, length }) => {
    const task = taskIn(payload);
    if (task !== undefined) places.set(task, { offset, length });
    return task !== undefined;
  });
  return {
    ofStage: (buckets) => ({
      find(task) {
        const place = places.get(nameOf(task));
        if (place === undefined) return undefined;
        const entry = deserialize(log.read(place)) as Entry;
        const changed = difference(entry, task, buckets);
        if (changed === undefined) return entry.result;
        const text = `${changed} is not what it was when the checkpoint was made`;
        throw new OptionError(`${text}: give the same input, or remove the checkpoint`, 'checkpoint');
      },
      record(task, result) {
        const entry: Entry = { task: nameOf(task), digest: digestOf(task), buckets, result };
        log.append(serialize(entry));
      },
    }),
    close: () => log.close(),
  };
}

/** What of the input has changed since a task was finished, in words; undefined if nothing has. */
function difference(entry: Entry, task: TaskMessage, buckets: number): string | undefined {
  if (entry.digest !== digestOf(task)) return `Chunk ${task.chunks[0]!.number} of the input`;
  return entry.buckets === buckets ? undefined : 'The size of the input';
}

/** The task that an entry is of; undefined where its payload is none, though its checksum is right. */
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
