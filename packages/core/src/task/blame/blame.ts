import type { RecordPosition } from '../../errors.js';
import type { Batch } from '../../source/source.js';

/** What a function under way was given: one record, which it is to blame for; one record to write down; or anything else. */
type Given = 'record' | 'written' | 'other';

/** Where a task stood when something began that ends later. */
export type Place = Readonly<Pick<Blame, 'chunk' | 'batch' | 'i' | 'record'>>;

/** As `Place`, and which function was under way. */
export type Standing = Place & Readonly<Pick<Blame, 'verb' | 'fn' | 'given'>>;

/**
 * Where a task is: what an error needs to name the function and the record. Everything that runs a user's function enters
 * it first, and everything that goes on after a wait comes back to where it was.
 */
export class Blame {
  /** Zero-based number of the chunk in its stage. */
  chunk = 0;
  /** The verb whose function runs, or an empty string while forkfold's own code does. */
  verb = '';
  /** The function that runs, by its number in the plan. */
  fn = -1;
  given: Given = 'other';
  batch: Batch | undefined;
  i = 0;
  /** Number of the record in its task, where records are selected or may be skipped. */
  record = 0;
  /** Records read so far. */
  records = 0;
  /** Whether what it is about was given up: what still goes on there is nobody's concern. */
  isOver = false;

  /** A function of a verb begins. */
  enter(verb: string, fn: number): void {
    this.verb = verb;
    this.fn = fn;
    this.given = 'other';
  }

  /** A function of a sink begins. */
  enterSink(verb: string, fn: number, given: Given): void {
    this.verb = verb;
    this.fn = fn;
    this.given = given;
  }

  /** Forkfold's own code goes on: what it throws is no user's fault. */
  leave(): void {
    this.verb = '';
  }

  /** A function is to blame that no single record was given to. */
  blameNoRecord(verb: string, fn: number): void {
    this.enterSink(verb, fn, 'other');
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
    const { verb, fn, given } = this;
    return { ...this.here(), verb, fn, given };
  }

  restore(standing: Standing): void {
    this.back(standing);
    this.enterSink(standing.verb, standing.fn, standing.given);
  }

  /** The task begins anew: nobody is to blame yet. */
  restart(): void {
    this.leave();
    this.batch = undefined;
    this.records = 0;
  }

  /** What was read where it stands, for a preview; undefined before the first record. */
  get read(): unknown {
    return this.batch?.records[this.i];
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
