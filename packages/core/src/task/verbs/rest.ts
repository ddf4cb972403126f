import { isThenable } from '../../values/thenable.js';
import type { HandOver } from '../early-parts.js';
import type { Push, Room } from './walk.js';

/** What a verb that gives many records has begun to give. */
interface Open {
  readonly iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly take: Push;
  /** Says whose function is called when the next item is asked for. */
  readonly enter: () => void;
}

/** What becomes of a record in the end, once nothing of it is left. */
export interface RecordEnd {
  done(): void;
  failed(error: unknown): void;
}

/**
 * What is left to do of a record that a chain cannot finish at once: its `flatMap` has given an async iterable, or gives more
 * than there is room for now. Links that give many records put aside what they have begun as soon as `isPaused` is set, so
 * that the chain comes to an end, and whoever feeds it has the rest done before the next record.
 */
export class Rest {
  /** Whether something is left, and nothing more may be pushed before. */
  isPaused = false;
  /** The innermost first: what it gives comes before what those around it give next. */
  #open: Open[] = [];
  #end: RecordEnd | undefined;
  readonly #room: Room;
  readonly #early: HandOver | undefined;

  /** @param early Where what was given so far is handed over, while more comes. */
  constructor(room: Room, early?: HandOver) {
    this.#room = room;
    this.#early = early;
  }

  /** Whether records may have to be handed over in the midst of those that one gives. */
  get mayPause(): boolean {
    return this.#early !== undefined;
  }

  /** Whether records are to be handed over before the next one is pushed; to be asked where one record may give many. */
  pauseIfDue(): void {
    if (this.#early?.isDue()) this.isPaused = true;
  }

  /** Puts aside what a link has begun; `take` is what it does with each item. Links are left from the innermost outwards. */
  leave(iterator: Open['iterator'], take: Push, enter: () => void = () => undefined): void {
    this.#open.push({ iterator, take, enter });
    this.isPaused = true;
  }

  /** Has something done when the record under way is finished. */
  endBy(end: RecordEnd): void {
    this.#end = end;
  }

  /** Does all that is left. */
  async finish(): Promise<void> {
    while (this.isPaused) await this.advance();
  }

  /** Goes on by one item. */
  async advance(): Promise<void> {
    try {
      if (this.#early?.isDue()) await this.#early.handOver();
      const pending = this.#next();
      this.#take(isThenable(pending) ? await pending : pending);
    } catch (error) {
      await this.#close();
      const end = this.#end;
      this.#end = undefined;
      if (end === undefined) throw error;
      end.failed(error);
      return;
    }
    if (this.isPaused) return;
    const end = this.#end;
    this.#end = undefined;
    end?.done();
  }

  /** Goes on by one item, where nobody can wait: `who` cannot. */
  step(who = 'mapPartitions'): void {
    try {
      const pending = this.#next();
      if (isThenable(pending)) {
        throw new TypeError(
          `flatMap has given an async iterable, and ${who} cannot wait for it: use mapAsync`,
        );
      }
      this.#take(pending);
    } catch (error) {
      void this.#close();
      throw error;
    }
  }

  #next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>> {
    const [first] = this.#open;
    if (first === undefined) return { done: true, value: undefined };
    first.enter();
    return first.iterator.next();
  }

  #take(step: IteratorResult<unknown>): void {
    const [first] = this.#open;
    this.isPaused = false;
    if (first === undefined) return;
    if (step.done === true) this.#open.shift();
    else {
      const around = this.#open;
      this.#open = [];
      first.take(step.value);
      this.#open.push(...around);
      if (this.#room.isBounded !== false && this.#room.isFull) {
        void this.#close();
        return;
      }
    }
    this.isPaused ||= this.#open.length > 0;
  }

  /** Returns what is open; nobody wants it any more. */
  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    this.isPaused = false;
    for (const { iterator } of open) {
      try {
        await iterator.return?.();
      } catch {
        // What it throws now is nobody's record.
      }
    }
  }
}
