import { now } from '../timers.js';
import type { TaskDone } from '../protocol/reply.js';

/** What a task has given before its end. */
export type EarlyPart = Omit<TaskDone, 'more'> & { readonly more: true };

/** Milliseconds after which a task that gives many records for one hands over what it has. */
const PATIENCE = 250;

/** Where a task hands over records before its end: a `flatMap` may give them without end, to a stream. */
export interface HandOver {
  /** Whether it is time to. */
  isDue(): boolean;
  /** Resolves when more is wanted. */
  handOver(): Promise<void>;
}

/** A task that stops when it has handed something over, and goes on when it is asked to. */
export class EarlyParts {
  #since = now();
  #isWaiting = false;
  #give: (part: EarlyPart) => void = () => undefined;
  #goOn: () => void = () => undefined;
  #abandon: (error: Error) => void = () => undefined;

  get isDue(): boolean {
    // Chunks that are worked on at the same time hand over one after the other.
    return !this.#isWaiting && now() - this.#since > PATIENCE;
  }

  /** The next part, if there is one before the end. */
  next(): Promise<EarlyPart> {
    return new Promise((resolve) => (this.#give = resolve));
  }

  /** Hands over a part; resolves when the next one is asked for. */
  give(part: EarlyPart): Promise<void> {
    this.#isWaiting = true;
    this.#give(part);
    return new Promise((resolve, reject) => {
      this.#abandon = reject;
      this.#goOn = () => {
        this.#since = now();
        this.#isWaiting = false;
        resolve();
      };
    });
  }

  goOn(): void {
    this.#goOn();
  }

  /** Nobody wants the rest. */
  abandon(): void {
    this.#abandon(new Error('The run has ended'));
  }
}
