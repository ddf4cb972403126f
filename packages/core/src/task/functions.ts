import type { Aggregator } from '../fold/aggregator.js';
import type { Callable } from '../plan/callable.js';
import type { Partitioner } from '../plan/partition-by.js';
import type { SideTable } from '../shuffle/keys/side-table.js';
import type { SourceChunk, ChunkReader } from '../source/source.js';
import type { PartFormat } from './sinks/part-format.js';

/** Any function of the user's, once its arguments are known to fit by the types of the verbs. */
export type Fn = (...args: unknown[]) => unknown;

/** The functions of a run, by their numbers in its plan. What a verb was given tells which of these it is. */
export class Functions {
  readonly #loaded: readonly unknown[];

  constructor(loaded: readonly unknown[]) {
    this.#loaded = loaded;
  }

  fn(number: number): Fn {
    return this.#loaded[number] as Fn;
  }

  aggregator(number: number): Aggregator<unknown, unknown> {
    return this.#loaded[number] as Aggregator<unknown, unknown>;
  }

  reader(number: number): ChunkReader<SourceChunk> {
    return this.#loaded[number] as ChunkReader<SourceChunk>;
  }

  partitioner(number: number): Partitioner {
    return this.#loaded[number] as Partitioner;
  }

  sideTable(number: number): SideTable {
    return this.#loaded[number] as SideTable;
  }

  format(number: number): PartFormat {
    return this.#loaded[number] as PartFormat;
  }
}

/** What a child has loaded: a function, an aggregator, a schema, or whatever a module's name stands for. */
export type Loaded = Callable | object;
