import type { PlanFunction } from './function-ref.js';
import type { Sink } from './node.js';

/** What the parent makes of the children's partial results. */
export interface Action {
  readonly sink: Sink<PlanFunction>;
  /** What takes the records of a sink that collects; an array of them if not given. */
  readonly gather?: () => Gathering;
  /** Whether that calls a function of the user's, which stays in the parent. */
  readonly callsBack?: boolean;
  /** Turns what was gathered, folded or written into the result. */
  readonly finish: (result: Gathered) => unknown;
  /** Where a writing action leaves its parts. */
  readonly output?: Output;
}

/** What was gathered, folded or written. */
export interface Gathered {
  readonly value: unknown;
  /** False of no records. */
  readonly found: boolean;
  /** A copy of a value of the caller's, for a function that may change what it is given. */
  copy<V>(value: V): V;
}

/** An output directory as a writing action describes it. */
export interface Output {
  /** Absolute. */
  readonly directory: string;
  readonly overwrite: boolean;
  /** Ending of the names of parts, such as `.txt.gz`. */
  readonly suffix: string;
}

/** Takes records one by one, in order, in the parent. */
export interface Gathering {
  /** A promise that it returns is awaited before the next record. */
  add(record: never): unknown;
  /** Takes many at once, where nothing has to be awaited. */
  addAll?(records: readonly never[]): void;
  readonly value: unknown;
}

/** What `writeText`, `writeJsonLines` or `writeCsv` has written. */
export interface WrittenFiles {
  /** Absolute. */
  readonly directory: string;
  /** The parts, as absolute paths, in the order of the dataset. */
  readonly files: readonly string[];
  /** Records in all parts. */
  readonly records: number;
  /** Size of all parts, as it is on the disk. */
  readonly bytes: number;
}
