/** The part of an `AbortSignal` that a run needs. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The part of an `AbortController` that a run needs. */
export interface Canceller {
  readonly signal: CancelSignal;
  abort(reason?: unknown): void;
}

/**
 * Ends work that is under way, as an `AbortController` does, and is its own signal. A run has three of them, and each of its
 * tasks listens: Node's own cost more to make, to listen to and to collect, which a small run on a warm pool feels.
 */
export class Cancellation implements Canceller, CancelSignal {
  #isAborted = false;
  #reason: unknown;
  readonly #listeners = new Set<() => void>();

  get signal(): CancelSignal {
    return this;
  }

  get aborted(): boolean {
    return this.#isAborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#isAborted) throw this.#reason;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Tells every listener, the first time that it is called. */
  abort(reason: unknown = new Error('Cancelled')): void {
    if (this.#isAborted) return;
    [this.#isAborted, this.#reason] = [true, reason];
    for (const listener of this.#listeners) listener();
  }
}
