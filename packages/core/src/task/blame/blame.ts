import type { Batch } from '../../source/chunk.js';

/** Where a task is: what an error needs to name the function and the record. */
export interface Cursor {
  /** The verb whose function runs, or an empty string while forkfold's own code does. */
  verb: string;
  /** The function that runs, by its number in the run description. */
  fn: number;
  batch: Batch | undefined;
  i: number;
  /** Number of the record in its task, where records are selected or tolerated. */
  ordinal: number;
  /** Records read so far. */
  records: number;
  /** Set by a sink that needs no more records. */
  done: boolean;
}
