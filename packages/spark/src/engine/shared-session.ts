import type { SparkOptions } from '../spark-options.js';
import { openSession, type SparkSession } from './session.js';

/** A session that a run may use until it leaves. */
export interface Entered {
  readonly session: SparkSession;
  leave(): Promise<void>;
}

/** In milliseconds: how long a session waits for another run. */
const IDLE = 30_000;

/**
 * The session that the runs of an engine share: a new one costs seconds, and executors keep its files as long as they live. A
 * command line does one thing at a time, and is killed by an abort, so runs that go on at the same time have one each.
 */
export class SharedSession {
  readonly #options: SparkOptions;
  readonly #isExclusive: boolean;
  #opened: Promise<SparkSession> | undefined;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #atEnd = (): void => void this.close();

  constructor(options: SparkOptions) {
    this.#options = options;
    this.#isExclusive = options.via === 'spark-sql';
  }

  /** The session, which is opened before, or anew if Spark has forgotten it. */
  async enter(signal?: AbortSignal): Promise<Entered> {
    if (this.#isExclusive && this.#users > 0) {
      const session = await openSession(this.#options, signal);
      return { session, leave: () => session.close() };
    }
    this.#users += 1;
    clearTimeout(this.#timer);
    try {
      const session = await this.#session(signal);
      return {
        session,
        leave: async () => {
          this.#leave();
          // What an abort has killed leaves its files otherwise, until it is found out.
          if (this.#isExclusive && !(await session.client.isThere())) await this.close();
        },
      };
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
    if (known !== undefined && (await known.client.isThere())) return known;
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
