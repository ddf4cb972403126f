import type { Settings } from '../options/settings.js';
import type { TaskPool } from '../pool/pool.js';
import { clearTimeout, setTimeout } from '../timers.js';
import { openPool } from './open-pool.js';

/** Input that takes longer to be found and cut, in milliseconds, has work for all children: many files, or a slow disk. */
const LONG = 20;

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

  /** What a promise gives. Where that takes long, children start meanwhile. */
  async startDuring<T>(promise: Promise<T>): Promise<T> {
    const timer = setTimeout(() => void this.#start(), LONG);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the children, unless they are the user's. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const pool = await this.#opening?.catch(() => undefined);
    if (pool !== this.#settings.pool) await pool?.close();
  }

  async #start(): Promise<void> {
    // A run that was aborted does not wait for what is being cut.
    if (this.#isClosed) return;
    try {
      (await this.open()).start();
    } catch {
      // Who opens the pool for a task hears of it.
    }
  }
}
