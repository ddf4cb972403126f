import type { TaskChunk } from '../protocol/task-message.js';
import { Blame, type Standing } from './blame/blame.js';
import type { ChunkWork } from './chunk-work.js';
import type { IsOver } from './chunks-one-by-one.js';
import type { Calls } from './verbs/calls.js';
import type { Receiver } from './verbs/walk.js';

interface Begun {
  readonly turn: Turn;
  /** Where the chunk stands, which is not where others do that are under way. */
  readonly own: Blame;
  /** What it threw, and where it stood then; undefined where it has ended well. Never rejects. */
  readonly ended: Promise<Thrown | undefined>;
}

interface Thrown {
  readonly error: unknown;
  readonly at: Standing;
}

/**
 * Works on the chunks of a task in their order, and begins the next one while the last calls of the one before are under
 * way: so an asynchronous function is called for as many records at a time as it may be, however few a chunk has. What
 * chunks give reaches the sink in order, and the first of them that fails fails the task. Gives how many chunks were
 * done: not all, where the task is over before.
 *
 * @param to `blame` is where the sink stands: at the record that was pushed last, and at the one to blame in the end.
 */
export async function chunksInTurn(
  chunks: readonly TaskChunk[],
  work: ChunkWork,
  calls: Calls,
  { blame, isOver }: { readonly blame: Blame; readonly isOver: IsOver | undefined },
): Promise<number> {
  let started = 0;
  const begun: Begun[] = [];

  /** Waits for the end of the first chunk, and gives the turn to the next. */
  async function endFirst({ own, ended }: Begun): Promise<void> {
    const thrown = await ended;
    if (thrown !== undefined) {
      blame.restore(thrown.at);
      throw thrown.error;
    }
    count(own);
    begun.shift();
    begun[0]?.turn.begin();
  }

  function count({ records }: Blame): void {
    blame.records += records;
    work.end();
  }

  /** Begins the chunk whose turn it is; where nothing of it is awaited, that is all. */
  function beginFirst({ number }: TaskChunk, run: () => void | Promise<void>, turn: Turn, own: Blame): void {
    turn.begin();
    calls.beginChunk(number);
    let pending: void | Promise<void>;
    try {
      pending = run();
    } catch (error) {
      blame.restore(own);
      throw error;
    }
    if (pending !== undefined) begun.push({ turn, own, ended: outcomeOf(() => pending, number, calls, own) });
    else {
      calls.exhaust(number);
      count(own);
    }
  }

  try {
    for (const chunk of chunks) {
      while (begun.length > 0 && !calls.mayBeginChunk) {
        const first = begun[0]!;
        const hasEnded = await Promise.race([first.ended.then(() => true), calls.change().then(() => false)]);
        if (hasEnded) await endFirst(first);
      }
      if (started > 0 && isOver?.(started) === true) break;
      const own = new Blame();
      own.chunk = chunk.number;
      const turn = new Turn(work.receiver(chunk), blame, own);
      const run = (): void | Promise<void> => work.run(chunk, turn, own);
      started += 1;
      if (begun.length === 0) beginFirst(chunk, run, turn, own);
      else {
        calls.beginChunk(chunk.number);
        begun.push({ turn, own, ended: outcomeOf(run, chunk.number, calls, own) });
      }
    }
    for (let first = begun[0]; first !== undefined; first = begun[0]) await endFirst(first);
    return started;
  } finally {
    for (const { own } of begun) own.isOver = true;
  }
}

async function outcomeOf(
  run: () => void | Promise<void>,
  chunk: number,
  calls: Calls,
  blame: Blame,
): Promise<Thrown | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return { error, at: blame.standing() };
  } finally {
    calls.exhaust(chunk);
  }
}

/** Holds the records of a chunk until those of the chunks before it have ended. */
class Turn implements Receiver {
  readonly #into: Receiver;
  readonly #sink: Blame;
  readonly #own: Blame;
  #held: { readonly record: unknown; readonly at: Standing }[] | undefined = [];

  constructor(into: Receiver, sink: Blame, own: Blame) {
    this.#into = into;
    this.#sink = sink;
    this.#own = own;
  }

  get isFull(): boolean {
    return this.#own.isOver || this.#into.isFull;
  }

  readonly push = (record: unknown): void => {
    if (this.#own.isOver) return;
    if (this.#held !== undefined) {
      this.#held.push({ record, at: this.#own.standing() });
      return;
    }
    try {
      this.#give(record, this.#own);
    } catch (error) {
      // The chunk tells where it has failed: in the sink.
      this.#own.restore(this.#sink);
      throw error;
    }
  };

  /** Its turn has come: what it holds reaches the sink, and so does all that follows. */
  begin(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { record, at } of held) {
      if (this.#into.isFull) return;
      this.#give(record, at);
    }
  }

  #give(record: unknown, at: Standing): void {
    this.#sink.restore(at);
    this.#into.push(record);
  }
}
