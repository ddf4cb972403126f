import { EngineError } from '../engine-error.js';
import type { SparkOptions } from '../spark-options.js';
import { openSession, type SparkSession } from './session.js';

/** In milliseconds: how long a session waits for another run. */
const IDLE = 30_000;

/** The session that the runs of an engine share: a new one costs seconds, and executors keep its files as long as they live. */
export class SharedSession {
  readonly #options: SparkOptions;
  #opened: Promise<SparkSession> | undefined;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #atEnd = (): void => void this.close();

  constructor(options: SparkOptions) {
    this.#options = options;
  }

  /** Has something done in the session, which is opened before, or anew if the server has forgotten it. */
  async use<R>(work: (session: SparkSession) => Promise<R>, signal?: AbortSignal): Promise<R> {
    const leave = await this.enter(signal);
    try {
      return await work(leave.session);
    } finally {
      leave.leave();
    }
  }

  async enter(signal?: AbortSignal): Promise<{ readonly session: SparkSession; leave(): void }> {
    this.#users += 1;
    clearTimeout(this.#timer);
    try {
      return { session: await this.#session(signal), leave: () => this.#leave() };
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Ends the session; the next run opens another one. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    process.off('beforeExit', this.#atEnd);
    const opened = this.#opened;
    this.#opened = undefined;
    const session = await opened?.catch(() => undefined);
    await session?.close();
  }

  async #session(signal: AbortSignal | undefined): Promise<SparkSession> {
    const before = this.#opened;
    const known = await before?.catch(() => undefined);
    if (known !== undefined && (await isThere(known))) return known;
    // Another run may have found out as well, and opened a new one.
    if (before !== undefined && this.#opened === before) await this.close();
    const opened = (this.#opened ??= openSession(this.#options, signal));
    process.off('beforeExit', this.#atEnd).once('beforeExit', this.#atEnd);
    try {
      return await opened;
    } catch (error) {
      if (this.#opened === opened) this.#opened = undefined;
      throw error;
    }
  }

  #leave(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#timer = setTimeout(() => void this.close(), IDLE).unref();
  }
}

/** A server forgets sessions, and all of them when it is started anew. */
async function isThere({ client }: SparkSession): Promise<boolean> {
  try {
    await client.configuration([]);
    return true;
  } catch (error) {
    const isGone = error instanceof EngineError && error.condition?.startsWith('INVALID_HANDLE.') === true;
    if (isGone) return false;
    throw error;
  }
}
