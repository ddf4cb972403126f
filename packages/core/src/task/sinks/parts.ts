import type { Part } from '../../protocol/reply.js';
import type { PartFile } from './part-file.js';

/** Where the records of a task are written. */
export interface Parts {
  add(record: unknown): void;
  /** What was written; `[]` of no records. */
  finish(): Part[];
  /** Removes it; may be called again. */
  abort(): void;
}

/** Makes a file of a task's own, by the end of its name. */
export type MakeFile = (ending: string) => PartFile;
