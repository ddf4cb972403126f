/** Characters that are written at once. */
const BLOCK = 1 << 14;

/** Stdout, which may close before everything is written: `| head` has enough then, and that is no error. */
export class Stdout {
  readonly #closed = new AbortController();
  #text = '';
  #isScheduled = false;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.#closed.abort(error.code === 'EPIPE' ? CLOSED : error);
    });
  }

  /** Aborted when nobody reads any more. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Resolves when there is room for more. */
  async write(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= BLOCK) return this.#flush();
    if (this.#isScheduled) return undefined;
    this.#isScheduled = true;
    // What comes slowly is seen at once; what comes fast is written in blocks.
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#flush();
    });
    return undefined;
  }

  /** Resolves when everything is written. */
  async end(): Promise<void> {
    await this.#flush();
    this.closed.throwIfAborted();
  }

  #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text === '' || this.closed.aborted) return Promise.resolve();
    // The error reaches the listener, which aborts the run.
    return new Promise((resolve) => process.stdout.write(text, () => resolve()));
  }
}

/** Why a run ends when the reader of its output has left. */
export const CLOSED: unique symbol = Symbol('the reader of stdout has left');
