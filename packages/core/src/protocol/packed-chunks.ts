import type { ItemsChunk, Primitive } from '../source/items-chunk.js';
import type { TaskChunk, TaskMessage } from './task-message.js';

/**
 * Neighbouring chunks of a list in one piece: a message takes each object by itself, which costs more than most functions that
 * are called for the item in it.
 */
export interface PackedChunks {
  /** The number of the first chunk; the others follow. */
  readonly number: number;
  readonly branch: number;
  /** The index of the first item. */
  readonly first: number;
  /** How many items each chunk has; the last one may have fewer. */
  readonly size: number;
  /** The items of all of them. */
  readonly items: readonly Primitive[];
}

/** A task as it travels. */
export type PackedTask = Omit<TaskMessage, 'chunks'> & {
  readonly chunks: readonly TaskChunk[] | PackedChunks;
};

/** Packs the chunks of a task, where they are several of one list, and their items travel as they are. */
export function packed(task: TaskMessage): PackedTask {
  const [first, second] = task.chunks;
  if (second === undefined) return task;
  const { number, branch } = first!;
  const from = itemsOf(first!);
  if (from === undefined) return task;
  const size = from.items.length;
  const items: Primitive[] = [];
  for (const [i, chunk] of task.chunks.entries()) {
    const own = itemsOf(chunk);
    const isNext =
      own !== undefined &&
      chunk.number === number + i &&
      chunk.branch === branch &&
      items.length === i * size;
    if (!isNext || own.first !== from.first + i * size || own.items.length > size) return task;
    for (const item of own.items) items.push(item);
  }
  return { ...task, chunks: { number, branch, first: from.first, size, items } };
}

/** The task that was packed. */
export function unpacked(task: PackedTask): TaskMessage {
  const { chunks: given } = task;
  if (!('size' in given)) return task as TaskMessage;
  const { number, branch, first, size, items } = given;
  const chunks: TaskChunk[] = [];
  for (let at = 0; at < items.length; at += size) {
    const own = items.slice(at, at + size);
    const source: ItemsChunk = { kind: 'items', items: own, first: first + at };
    chunks.push({ number: number + at / size, branch, source });
  }
  return { ...task, chunks };
}

/** The items of a chunk of a list, where they travel as they are. */
function itemsOf({
  source,
}: TaskChunk): { readonly first: number; readonly items: readonly Primitive[] } | undefined {
  if (!('kind' in source) || (source.kind as string) !== 'items') return undefined;
  const { first, items } = source as unknown as ItemsChunk;
  return ArrayBuffer.isView(items) || items.length === 0 ? undefined : { first, items };
}
