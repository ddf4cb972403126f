import type { Gathering } from '../plan/action.js';

/** Shorter blocks are copied together: so many records cost less than an array of their own. */
const SHORT = 1024;
/** So long grows an array that they are copied to. */
const LONG = 2 ** 16;
/** Far fewer than V8 passes to a function. */
const MOST_ARGUMENTS = 4096;

/**
 * Gathers records in an array. Blocks are joined in the end: one array that grows by a record at a time is copied again and
 * again (the bench `warm-integers`).
 */
export class AllRecords implements Gathering {
  readonly #blocks: (readonly unknown[])[] = [];
  /** The last block, where it may grow. */
  #open: unknown[] | undefined;

  add = (record: unknown): void => void this.#room().push(record);

  addAll = (records: readonly unknown[]): void => {
    if (records.length < SHORT) {
      const room = this.#room();
      for (let i = 0; i < records.length; i += 1) room.push(records[i]);
      return;
    }
    this.#open = undefined;
    this.#blocks.push(records);
  };

  /** All of them, in an array that nobody else has. */
  get value(): unknown[] {
    let blocks = this.#blocks;
    while (blocks.length > MOST_ARGUMENTS) {
      const joined: unknown[][] = [];
      for (let at = 0; at < blocks.length; at += MOST_ARGUMENTS) {
        joined.push(join(blocks.slice(at, at + MOST_ARGUMENTS)));
      }
      blocks = joined;
    }
    return join(blocks);
  }

  #room(): unknown[] {
    const open = this.#open;
    if (open !== undefined && open.length < LONG) return open;
    const room: unknown[] = [];
    this.#open = room;
    this.#blocks.push(room);
    return room;
  }
}

function join(blocks: readonly (readonly unknown[])[]): unknown[] {
  return ([] as unknown[]).concat(...blocks);
}
