import type { TaskPulse } from '../../protocol/task-usage.js';
import { bytesRead } from '../../source/files/bytes-read.js';
import type { Batch, Batches } from '../../source/source.js';
import { now } from '../../timers.js';
import { expandEach } from '../verbs/walk.js';

/** Milliseconds between two pulses at least. */
const EVERY = 200;

/**
 * Tells how far a task is, a few times a second: it looks at the clock when a batch of records is done, since no timer fires
 * while a task works.
 */
export class Pulses {
  readonly #tell: (pulse: TaskPulse) => void;
  readonly #before = bytesRead.total;
  #records = 0;
  #next = now() + EVERY;

  constructor(tell: (pulse: TaskPulse) => void) {
    this.#tell = tell;
  }

  /** The same batches, of which the records are counted. */
  watch(batches: Batches): Batches {
    const done = (records: number): void => this.#done(records);
    return expandEach(batches as Iterable<Batch>, function* (batch: Batch) {
      yield batch;
      done(batch.records.length);
    });
  }

  /** The task begins anew. */
  restart(): void {
    this.#records = 0;
  }

  #done(records: number): void {
    this.#records += records;
    const at = now();
    if (at < this.#next) return;
    this.#next = at + EVERY;
    this.#tell({ records: this.#records, bytes: bytesRead.total - this.#before });
  }
}
