import type { CallPeak } from '../../protocol/task-usage.js';

/** The calls of one verb's function that are under way. */
export interface Gate {
  /** Waits until there is room for a call, which begins then. */
  begin(): Promise<void>;
  end(): void;
}

/** The calls of asynchronous functions that a task has under way: as many as each verb may, whatever the chunks. */
export class Calls {
  readonly #gates = new Map<number, { readonly most: number; underWay: number; peak: number }>();
  #chunk: number | undefined;
  #wake: (() => void)[] = [];

  /** Whether the chunk that has begun last has no more records, and there is room for calls of the next one. */
  get mayBeginChunk(): boolean {
    return (
      this.#chunk === undefined && [...this.#gates.values()].every(({ most, underWay }) => underWay < most)
    );
  }

  /** How many calls of a verb were under way at most, and how many might have been; undefined where no verb waits. */
  get peak(): CallPeak | undefined {
    let found: CallPeak | undefined;
    for (const { peak: underWay, most: concurrency } of this.#gates.values()) {
      if (found === undefined || underWay > found.underWay) found = { underWay, concurrency };
    }
    return found;
  }

  /** Notes that calls for the records of a chunk begin. */
  beginChunk(chunk: number): void {
    this.#chunk = chunk;
  }

  /** Notes that a chunk has no more records. */
  exhaust(chunk: number): void {
    if (this.#chunk === chunk) this.#chunk = undefined;
    this.#changed();
  }

  /** What the calls of a verb go through. */
  gateOf({ fn, concurrency }: { readonly fn: number; readonly concurrency: number }): Gate {
    const gate = this.#gates.get(fn) ?? { most: concurrency, underWay: 0, peak: 0 };
    this.#gates.set(fn, gate);
    return {
      begin: async () => {
        while (gate.underWay >= gate.most) await this.change();
        gate.underWay += 1;
        gate.peak = Math.max(gate.peak, gate.underWay);
      },
      end: () => {
        gate.underWay -= 1;
        this.#changed();
      },
    };
  }

  /** Resolves when a call or the records of a chunk have ended. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
