import type { TaskChunk } from '../protocol/task-message.js';
import type { Blame, Standing } from './blame/blame.js';
import type { Calls } from './verbs/calls.js';
import type { Receiver } from './verbs/pipeline.js';

/** What becomes of the chunks of a task. */
export interface ChunkWork {
  /** Sends the records of a chunk through the verbs. */
  run(chunk: TaskChunk, into: Receiver): void | Promise<void>;
  /** Where the records of a chunk end. */
  receiver(chunk: TaskChunk): Receiver;
  /** After the last record of a chunk. */
  end(): void;
}

interface Begun {
  readonly turn: Turn;
  /** What it threw, and where the task stood then; undefined where it has ended well. Never rejects. */
  readonly ended: Promise<Thrown | undefined>;
}

interface Thrown {
  readonly error: unknown;
  readonly at: Standing;
}

/**
 * Works on the chunks of a task in their order, and begins the next one while the last calls of the one before are under
 * way: so an asynchronous function is called for as many records at a time as it may be, however few a chunk has. What
 * chunks give reaches the sink in order, and the first of them that fails fails the task.
 */
export async function chunksInTurn(
  chunks: readonly TaskChunk[],
  work: ChunkWork,
  calls: Calls,
  blame: Blame,
): Promise<void> {
  const begun: Begun[] = [];

  /** Waits for the end of the first chunk, and gives the turn to the next. */
  async function endFirst({ ended }: Begun): Promise<void> {
    const thrown = await ended;
    if (thrown !== undefined) {
      blame.restore(thrown.at);
      throw thrown.error;
    }
    work.end();
    begun.shift();
    begun[0]?.turn.begin();
  }

  for (const chunk of chunks) {
    while (begun.length > 0 && !calls.mayBeginChunk) {
      const first = begun[0]!;
      const hasEnded = await Promise.race([first.ended.then(() => true), calls.change().then(() => false)]);
      if (hasEnded) await endFirst(first);
    }
    const turn = new Turn(work.receiver(chunk), blame);
    if (begun.length === 0) turn.begin();
    calls.beginChunk(chunk.number);
    blame.chunk = chunk.number;
    begun.push({ turn, ended: outcomeOf(() => work.run(chunk, turn), chunk.number, calls, blame) });
  }
  for (let first = begun[0]; first !== undefined; first = begun[0]) await endFirst(first);
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
  readonly #blame: Blame;
  #held: { readonly record: unknown; readonly at: Standing }[] | undefined = [];

  constructor(into: Receiver, blame: Blame) {
    this.#into = into;
    this.#blame = blame;
  }

  get isFull(): boolean {
    return this.#into.isFull;
  }

  readonly push = (record: unknown): void => {
    if (this.#held === undefined) this.#into.push(record);
    else this.#held.push({ record, at: this.#blame.standing() });
  };

  /** Its turn has come: what it holds reaches the sink, and so does all that follows. */
  begin(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { record, at } of held) {
      if (this.#into.isFull) return;
      this.#blame.restore(at);
      this.#into.push(record);
    }
  }
}
