import { setImmediate } from '../timers.js';

/**
 * What gives no record. The input is to blame, and the message says what it is: `no JSON: Unexpected ...`. Readers throw
 * it; it becomes a `SourceError` once its place is known.
 */
export class BadRecord extends Error {
  override readonly name = 'SourceError';
}

/** A reader's user function, such as a schema, has answered with a promise, which nobody waits for. */
export class PromisedRecord extends TypeError {
  readonly #answer: Promise<unknown>;

  constructor(message: string, answer: PromiseLike<unknown>) {
    super(message);
    this.name = 'TypeError';
    this.#answer = Promise.resolve(answer);
    this.#answer.catch(() => undefined);
  }

  /**
   * Why there was a promise: what a function of the schema threw, or this error for a schema that is asynchronous. When a
   * function throws, zod does it all again for a promise, which then is rejected before the event loop turns.
   */
  async reason(): Promise<unknown> {
    const rejected = this.#answer.then(
      () => this,
      (thrown: unknown) => thrown,
    );
    return Promise.race([rejected, new Promise((resolve) => setImmediate(resolve, this))]);
  }
}
