/** No task is started while finished results that wait for their turn hold so many bytes. */
const HELD_BYTES = 64 * 2 ** 20;

export interface WindowOptions {
  /** How many tasks may be ahead of what was taken. */
  readonly size: number;
  /** How many tasks can be worked on at a time. */
  readonly slots: number;
  /** Whether results are taken in the order of their tasks. */
  readonly ordered: boolean;
}

/** The tasks of a stage between their start and their end: which may start, and whose turn it is. Knows numbers only. */
export class Window<R> {
  readonly #options: WindowOptions;
  readonly #results = new Map<
    number,
    { readonly result: R; readonly bytes: number; readonly isPart: boolean }
  >();
  #started = 0;
  #taken = 0;
  #underWay = 0;
  #held = 0;
  #hasResults = false;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  /** Whether another task may start. */
  get hasRoom(): boolean {
    const { size, slots } = this.#options;
    // The task whose turn it is was started before those that hold bytes, so there will be room again.
    const isLight = this.#held < HELD_BYTES;
    // One that waits for each that is worked on keeps children busy, but how long tasks are to be is known by the first result.
    const most = Math.max(1, slots) * (this.#hasResults ? 2 : 1);
    return this.#started - this.#taken < size && isLight && this.#underWay < most;
  }

  /** How many results were taken: the number of the task whose turn it is, where there is an order. */
  get turn(): number {
    return this.#taken;
  }

  /** How many tasks were started. */
  get started(): number {
    return this.#started;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Whether every task that was started has ended, and its result was taken. */
  get isEmpty(): boolean {
    return this.#underWay === 0 && this.#results.size === 0;
  }

  /** The number of the task that starts now. */
  start(): number {
    this.#underWay += 1;
    return this.#started++;
  }

  /** A task has ended, with or without a result. */
  end(): void {
    this.#underWay -= 1;
  }

  /** A task whose part was taken goes on. */
  goOn(): void {
    this.#underWay += 1;
  }

  /** @param isPart Whether more comes of the task, once this was taken. */
  put(task: number, result: R, bytes: number, isPart = false): void {
    this.#results.set(task, { result, bytes, isPart });
    this.#held += bytes;
    this.#hasResults = true;
  }

  /** The next result, if it is there. */
  take(): R | undefined {
    const task = this.#options.ordered ? this.#taken : this.#results.keys().next().value;
    const next = task === undefined ? undefined : this.#results.get(task);
    if (next === undefined) return undefined;
    this.#results.delete(task!);
    this.#held -= next.bytes;
    if (!next.isPart) this.#taken += 1;
    return next.result;
  }
}
