import {
  Counts,
  decode,
  encode,
  type CounterValues,
  type Skipped,
  type TaskDone,
  type TaskMessage,
} from '@forkfold/core/engine';

/** What one process of a stage has done. It is the same on every attempt, as all must be that Spark shuffles, but for `own`. */
export interface Tally {
  readonly stage: number;
  readonly tasks: readonly TaskTally[];
  /** Segments that it has given to later stages. */
  readonly segmentsOut: number;
  /** Segments of earlier stages that it has read, by the stage. */
  readonly segmentsIn: Readonly<Record<number, number>>;
  readonly skipped: Skipped;
  /** What the user's functions have counted. */
  readonly counters: CounterValues | undefined;
  /** What differs between attempts: of the last stage only, whose rows Spark does not shuffle. */
  readonly own?: ProcessTally | undefined;
}

/** What came of a task. */
export interface TaskTally {
  /** The number of its first chunk. */
  readonly first: number;
  readonly chunks: number;
  readonly records: number;
  readonly emitted: { readonly records: number; readonly bytes: number };
}

export interface ProcessTally {
  /** Resident memory at the end, in bytes. */
  readonly rss: number;
  /** Bytes written to temporary files. */
  readonly written: number;
}

/** A hundred records of a task are described, and so many of a process. */
const MOST_SKIPPED = 1000;

/** Counts what a process does. */
export class OpenTally {
  readonly #stage: number;
  readonly #tasks: TaskTally[] = [];
  readonly #segmentsIn: Record<number, number> = {};
  readonly #counts = new Counts();
  #skipped: Skipped = { count: 0, records: [] };
  segmentsOut = 0;

  constructor(stage: number) {
    this.#stage = stage;
  }

  task({ chunks }: TaskMessage, { records, emitted, skipped, counters }: TaskDone): void {
    this.#tasks.push({ first: chunks[0]!.number, chunks: chunks.length, records, emitted });
    this.#counts.addAll(counters);
    if (skipped.count === 0) return;
    this.#skipped = {
      count: this.#skipped.count + skipped.count,
      records: [...this.#skipped.records, ...skipped.records].slice(0, MOST_SKIPPED),
    };
  }

  read(from: number, segments: number): void {
    this.#segmentsIn[from] = (this.#segmentsIn[from] ?? 0) + segments;
  }

  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  encode(own: ProcessTally | undefined): Uint8Array {
    const tally: Tally = {
      stage: this.#stage,
      tasks: this.#tasks,
      segmentsOut: this.segmentsOut,
      segmentsIn: this.#segmentsIn,
      skipped: this.#skipped,
      counters: this.#counts.values(),
      own,
    };
    return encode(tally, 'tally');
  }
}

export function decodeTally(bytes: Uint8Array): Tally {
  return decode(bytes) as Tally;
}
