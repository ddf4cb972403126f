import type { Failure } from '../protocol/failure.js';
import type { PassResult } from '../protocol/reply.js';
import type { OpenSink } from './sinks/open-sink.js';
import type { TaskContext } from './task-context.js';
import type { Receiver } from './verbs/walk.js';

type Fail = (tail: Tail, error: unknown) => void;

/**
 * The end of one stage of a pass. Where the run may need no more of it, what it meets is its own: a plan alone would have
 * ended before, and perhaps have met nothing.
 */
export class Tail {
  readonly sink: OpenSink;
  readonly context: TaskContext;
  /** Whether it is at work: what is thrown meanwhile is thrown by its functions, or by what it writes. */
  isUnderWay = false;
  readonly #isLimited: boolean;
  #emitted = 0;
  #failure: Failure | undefined;

  constructor(sink: OpenSink, context: TaskContext, { isLimited }: { readonly isLimited: boolean }) {
    this.sink = sink;
    this.context = context;
    this.#isLimited = isLimited;
  }

  get isFull(): boolean {
    return this.#failure !== undefined || this.sink.isFull;
  }

  /** Gives up what it has: that is its result. */
  fail(failure: Failure): void {
    this.#failure = failure;
  }

  /** Does a part of its work. */
  work(step: () => void, fail: Fail): void {
    this.isUnderWay = true;
    if (this.#mayFail) {
      try {
        step();
      } catch (error) {
        fail(this, error);
      }
    } else step();
    this.isUnderWay = false;
  }

  /** Where its records end. */
  receiver(fail: Fail): Receiver {
    const { sink, context } = this;
    const { blame, skips } = context;
    const give = (record: unknown): void => {
      // A function of its sink has thrown for this record before, and the task has begun anew without it.
      if (skips?.excluded.includes(blame.record)) return;
      this.#emitted += 1;
      sink.push(record, 0);
    };
    const push = (record: unknown): void => {
      this.isUnderWay = true;
      give(record);
      this.isUnderWay = false;
    };
    const isFull = (): boolean => this.isFull;
    return {
      isBounded: this.#isLimited,
      get isFull() {
        return isFull();
      },
      push: this.#mayFail ? (record) => this.work(() => give(record), fail) : push,
    };
  }

  finish(fail: Fail): PassResult {
    let made: ReturnType<OpenSink['finish']> = { value: new Uint8Array(), bytes: 0 };
    if (this.#failure === undefined) {
      const { usage } = this.context;
      this.work(
        () => (made = usage ? usage.serializing(() => this.sink.finish()) : this.sink.finish()),
        fail,
      );
    }
    const failure = this.#failure;
    if (failure !== undefined) this.sink.abort();
    const { value, bytes } = made;
    return { value, emitted: { records: this.#emitted, bytes }, ...(failure && { failure }) };
  }

  get #mayFail(): boolean {
    return this.#isLimited && this.context.skips === undefined;
  }
}
