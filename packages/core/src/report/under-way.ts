import { isSearch, type TaskMessage } from '../protocol/task-message.js';
import { bytesRead } from './chunk-place.js';
import type { PulseEvent } from './observer.js';
import { taskKey } from './task-key.js';

interface Part {
  readonly records: number;
  readonly bytes: number;
  readonly chunks: number;
}

const NOTHING: Part = { records: 0, bytes: 0, chunks: 0 };

/**
 * What the tasks under way have done so far. An attempt that follows another at the same task adds only what is more than
 * that had done.
 */
export class UnderWay {
  readonly #tasks = new Map<string, Part>();

  /** An attempt tells how far it is. */
  pulse({ task, records, bytes }: PulseEvent): void {
    if (isSearch(task.selection)) return;
    const before = this.#tasks.get(taskKey(task)) ?? NOTHING;
    const size = bytesRead(task);
    const share = size === 0 ? 0 : Math.min(1, bytes / size);
    this.#tasks.set(taskKey(task), {
      records: Math.max(before.records, records),
      // Records that straddle the ends of a chunk are read by two.
      bytes: Math.max(before.bytes, Math.min(bytes, size)),
      chunks: Math.max(before.chunks, share * task.chunks.length),
    });
  }

  /** A task has given its result. */
  end(task: TaskMessage): void {
    this.#tasks.delete(taskKey(task));
  }

  /** Another stage begins. */
  clear(): void {
    this.#tasks.clear();
  }

  /** Of all of them: records and bytes that were read, and of how many chunks. */
  get sum(): Part {
    let { records, bytes, chunks } = NOTHING;
    for (const part of this.#tasks.values()) {
      records += part.records;
      bytes += part.bytes;
      chunks += part.chunks;
    }
    return { records, bytes, chunks };
  }
}
