import { Readable } from 'node:stream';
import { SerializationError } from '../errors.js';
import type { RunOptions } from '../options/run-options.js';
import type { Action } from '../plan/action.js';
import type { Node } from '../plan/node.js';
import { isParked } from '../task/parking.js';
import { runModule } from './lazy-run.js';
import { liveSources } from './live-sources.js';

/** What a stream does with its records. */
const records: Action = { sink: { kind: 'collect' }, finish: ({ value }) => value };

/** Runs a dataset as its records are asked for. */
export function recordStream<T>(node: Node, options: RunOptions): AsyncGenerator<T, void, undefined> {
  const given = { ...options };
  return new RecordStream((leave, state) => generate<T>(node, given, leave, state));
}

async function* generate<T>(node: Node, options: RunOptions, leave: AbortSignal, state: Working): Blocks<T> {
  state.isWorking = true;
  if (isParked()) await new Promise(() => undefined);
  const live = liveSources();
  try {
    const listened = live.listen(node);
    const { streamBlocks } = await runModule();
    for await (const block of streamBlocks(listened, records, options, leave)) {
      state.isWorking = false;
      yield block as readonly T[];
      state.isWorking = true;
    }
  } finally {
    await live.close();
    state.isWorking = false;
  }
}

/** Records by the block; a block may be empty. */
type Blocks<T> = AsyncGenerator<readonly T[], void, undefined>;
type Result<T> = IteratorResult<T, void>;

/** Whether a generator is at work, or rests: before its first step, at a block, or at its end. */
interface Working {
  isWorking: boolean;
}

/** Makes the generator behind a stream: it ends early, without an error, when `leave` is aborted. */
type Generate<T> = (leave: AbortSignal, state: Working) => Blocks<T>;

/**
 * The records of a run as they come: an async generator whose `return` and `throw` do not wait for the step under way, as
 * those of a plain one do. A chunk may take for ever, and nobody wants it any more. A record of a block that is there costs
 * one promise; a generator under another one would take several for each.
 *
 * It is a `Readable`, too, and that for one reason: `pipeline` ends its streams when its signal is aborted or another of
 * them is closed, but a plain iterable it can only ask for the next record.
 */
class RecordStream<T> extends Readable implements AsyncGenerator<T, void, undefined> {
  readonly #leave = new AbortController();
  readonly #state: Working = { isWorking: false };
  readonly #blocks: Blocks<T>;
  #block: readonly T[] = [];
  /** How many records of the block were given. */
  #given = 0;
  /** Ends when all that was asked for before has been answered. */
  #turn: Promise<unknown> = Promise.resolve();
  /** How many wait for their turn. */
  #waiting = 0;

  constructor(generate: Generate<T>) {
    super({ objectMode: true, highWaterMark: 1 });
    this.#blocks = generate(this.#leave.signal, this.#state);
  }

  next(): Promise<Result<T>> {
    if (this.#waiting > 0 || this.#given === this.#block.length) return this.#inTurn(() => this.#take());
    return Promise.resolve({ done: false, value: this.#block[this.#given++]! });
  }

  return(value?: PromiseLike<void> | void): Promise<Result<T>> {
    this.#interrupt();
    return this.#inTurn(async () => {
      await this.#blocks.return();
      return { done: true, value: await value };
    });
  }

  throw(error: unknown): Promise<Result<T>> {
    this.#interrupt();
    return this.#inTurn(async () => {
      await this.#blocks.throw(error);
      return { done: true, value: undefined };
    });
  }

  async #take(): Promise<Result<T>> {
    while (this.#given === this.#block.length) {
      const next = await this.#blocks.next();
      if (next.done === true) return next;
      this.#block = next.value;
      this.#given = 0;
    }
    return { done: false, value: this.#block[this.#given++]! };
  }

  /** Answers one after the other, as a generator does. */
  #inTurn(answer: () => Promise<Result<T>>): Promise<Result<T>> {
    this.#waiting += 1;
    const answered = this.#turn.then(answer).finally(() => (this.#waiting -= 1));
    this.#turn = answered.catch(() => undefined);
    return answered;
  }

  override [Symbol.asyncIterator](): this {
    return this;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  override _read(): void {
    this.next().then(
      ({ done, value }) => {
        if (done === true) this.push(null);
        else if (value === null) this.destroy(nullRecord());
        else this.push(value);
      },
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const end = (): void => callback(error);
    this.return().then(end, end);
  }

  /** What the generator waits for ends, so that it hears of what comes next; records that are there are not wanted. */
  #interrupt(): void {
    this.#block = [];
    this.#given = 0;
    // What was asked for in this very step has not begun to work yet.
    if (this.#state.isWorking || this.#waiting > 0) this.#leave.abort();
  }
}

function nullRecord(): SerializationError {
  const text =
    'record is null, which ends a Node stream: iterate over the records, or map null to something else';
  return new SerializationError(text, 'record');
}
