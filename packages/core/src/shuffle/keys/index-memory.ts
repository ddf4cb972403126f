import { recordMemory, type RecordMemory } from './key-record.js';

/** What an index of keys lies in. */
export interface IndexMemory {
  readonly records: RecordMemory;
  /** Their number is a power of two, and all are 0. */
  readonly places: Int32Array;
}

/** The least units of records, and the least places. */
const FEWEST = 64;

/** More than this is not kept, in bytes. */
const MOST_BYTES = 32 * 2 ** 20;

let spare: IndexMemory | undefined;

/**
 * Memory for an index. The indices of a process follow each other, task after task, and are alike: memory
 * that another one had is there at once, where fresh memory is made page by page, and copied as it grows.
 */
export function takeMemory(): IndexMemory {
  if (spare === undefined) return freshMemory();
  const memory = spare;
  spare = undefined;
  return memory;
}

/** As little as an index can have. */
export function freshMemory(): IndexMemory {
  return { records: recordMemory(2 * FEWEST), places: new Int32Array(FEWEST) };
}

/** Takes back the memory of an index that is needed no more. */
export function giveMemory(memory: IndexMemory): void {
  const bytes = bytesOf(memory);
  if (bytes <= MOST_BYTES && (spare === undefined || bytesOf(spare) < bytes)) spare = memory;
}

function bytesOf({ records, places }: IndexMemory): number {
  return records.words.byteLength + places.byteLength;
}
