import type { RecordPosition } from '../../errors.js';
import type { Batch } from '../../source/source.js';
import { OWN, stepAt, stepOf, type Given } from './step.js';

/** Where a task stood when something began that ends later. */
export type Place = Readonly<Pick<Blame, 'chunk' | 'batch' | 'i' | 'record'>>;

/** As `Place`, and which function was under way. */
export type Standing = Place & Readonly<Pick<Blame, 'step'>>;

/**
 * Where a task is: what an error needs to name the function and the record. Everything that runs a user's function enters
 * it first, and everything that goes on after a wait comes back to where it was.
 */
export class Blame {
  /** Zero-based number of the chunk in its stage. */
  chunk = 0;
  /** The function that runs, as `stepOf` numbers it: set it before each call. */
  step = OWN;
  #batch: Batch | undefined;
  #hints: Uint16Array | undefined;
  i = 0;
  /** Number of the record in its task, where records are selected or may be skipped. */
  record = 0;
  /** Records read so far. */
  records = 0;
  /** Whether what it is about was given up: what still goes on there is nobody's concern. */
  isOver = false;

  get batch(): Batch | undefined {
    return this.#batch;
  }

  set batch(batch: Batch | undefined) {
    this.#batch = batch;
    this.#hints = batch?.hints;
  }

  /** The verb whose function runs, or an empty string while forkfold's own code does. */
  get verb(): string {
    return stepAt(this.step).verb;
  }

  /** The function that runs, by its number in the plan. */
  get fn(): number {
    return stepAt(this.step).fn;
  }

  get given(): Given {
    return stepAt(this.step).given;
  }

  /** Forkfold's own code goes on: what it throws is no user's fault. */
  leave(): void {
    this.step = OWN;
  }

  /** A function is to blame that no single record was given to. */
  blameNoRecord(verb: string, fn: number): void {
    this.step = stepOf(verb, fn);
    this.batch = undefined;
  }

  stand(batch: Batch, i: number): void {
    this.batch = batch;
    this.i = i;
  }

  /** Where it is now, for `back`. */
  here(): Place {
    const { chunk, batch, i, record } = this;
    return { chunk, batch, i, record };
  }

  back({ chunk, batch, i, record }: Place): void {
    this.chunk = chunk;
    this.batch = batch;
    this.i = i;
    this.record = record;
  }

  /** Where it is now, and which function is under way, for `restore`. */
  standing(): Standing {
    return { ...this.here(), step: this.step };
  }

  restore(standing: Standing): void {
    this.back(standing);
    this.step = standing.step;
  }

  /** The task begins anew: nobody is to blame yet. */
  restart(): void {
    this.leave();
    this.batch = undefined;
    this.records = 0;
  }

  /** What the reader says of the record where it stands: see `Batch.hints`. */
  get hint(): number {
    const hints = this.#hints;
    return hints === undefined ? 0 : hints[this.i]!;
  }

  /** What was read where it stands, for a preview; undefined before the first record. */
  get read(): unknown {
    const { batch, i } = this;
    return batch?.shown === undefined ? batch?.records[i] : batch.shown(i);
  }

  /** Where the record stands in its source; nothing where that cannot be told. */
  position(): RecordPosition {
    try {
      return this.batch?.locate(this.i) ?? {};
    } catch {
      // The file may be gone by now; the error itself matters more.
      return {};
    }
  }
}
