import { Readable } from 'node:stream';
import { SerializationError } from '../errors.js';
import type { RunOptions } from '../options/run-options.js';
import type { Action } from '../plan/action.js';
import type { Node } from '../plan/node.js';
import { isParked } from '../task/parking.js';
import { liveSources } from './live-sources.js';

/** What a stream does with its records. */
const records: Action = { sink: { kind: 'collect' }, finish: ({ value }) => value };

/** Runs a dataset as its records are asked for. */
export function recordStream<T>(node: Node, options: RunOptions): AsyncGenerator<T, void, undefined> {
  const given = { ...options };
  return new RecordStream((leave, state) => generate<T>(node, given, leave, state));
}

async function* generate<T>(
  node: Node,
  options: RunOptions,
  leave: AbortSignal,
  state: Working,
): AsyncGenerator<T, void, undefined> {
  state.isWorking = true;
  if (isParked()) await new Promise(() => undefined);
  const live = liveSources();
  try {
    const listened = live.listen(node);
    const { streamRecords } = await import('../run/run.js');
    for await (const record of streamRecords(listened, records, options, leave)) {
      state.isWorking = false;
      yield record as T;
      state.isWorking = true;
    }
  } finally {
    await live.close();
    state.isWorking = false;
  }
}

/** Whether a generator is at work, or rests: before its first step, at a record, or at its end. */
interface Working {
  isWorking: boolean;
}

/** Makes the generator behind a stream: it ends early, without an error, when `leave` is aborted. */
type Generate<T> = (leave: AbortSignal, state: Working) => AsyncGenerator<T, void, undefined>;

/**
 * The records of a run as they come: an async generator whose `return` and `throw` do not wait for the step under way, as
 * those of a plain one do. A chunk may take for ever, and nobody wants it any more.
 *
 * It is a `Readable`, too, and that for one reason: `pipeline` ends its streams when its signal is aborted or another of
 * them is closed, but a plain iterable it can only ask for the next record.
 */
class RecordStream<T> extends Readable implements AsyncGenerator<T, void, undefined> {
  readonly #leave = new AbortController();
  readonly #state: Working = { isWorking: false };
  readonly #generator: AsyncGenerator<T, void, undefined>;

  constructor(generate: Generate<T>) {
    super({ objectMode: true, highWaterMark: 1 });
    this.#generator = generate(this.#leave.signal, this.#state);
  }

  next(): Promise<IteratorResult<T, void>> {
    return this.#generator.next();
  }

  return(value?: PromiseLike<void> | void): Promise<IteratorResult<T, void>> {
    this.#interrupt();
    return this.#generator.return(value);
  }

  throw(error: unknown): Promise<IteratorResult<T, void>> {
    this.#interrupt();
    return this.#generator.throw(error);
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

  /** What the generator waits for ends, so that it hears of what comes next. */
  #interrupt(): void {
    if (this.#state.isWorking) this.#leave.abort();
  }
}

function nullRecord(): SerializationError {
  const text =
    'record is null, which ends a Node stream: iterate over the records, or map null to something else';
  return new SerializationError(text, 'record');
}
