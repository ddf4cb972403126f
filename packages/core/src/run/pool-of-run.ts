import type { Settings } from '../options/settings.js';
import type { TaskPool } from '../pool/pool.js';
import { openPool } from './open-pool.js';

/** The children of a run: those of a pool of the user's, or its own, which end with it. */
export class PoolOfRun {
  readonly #settings: Settings;
  #opening: Promise<TaskPool> | undefined;
  #isClosed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  open(): Promise<TaskPool> {
    return (this.#opening ??= openPool(this.#settings));
  }

  /** Has all children start: there is work for them, but it is not known yet. */
  start(): void {
    // A run that was aborted does not wait for what is being cut.
    if (this.#isClosed) return;
    // Who opens the pool for a task meets the error again.
    this.open().then((pool) => pool.start(), () => undefined); // prettier-ignore
  }

  /** Ends the children, unless they are the user's. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const pool = await this.#opening?.catch(() => undefined);
    if (pool !== this.#settings.pool) await pool?.close();
  }
}
