import type { Cache } from './measure/cache.js';
import type { Python } from './measure/python.js';

/** What a bench is told. */
export interface BenchOptions {
  /** A small input, once: shows that the bench works, measures little. */
  readonly short: boolean;
  /** How often each program is run, where programs are compared; a number of the bench's own if undefined. */
  readonly rounds: number | undefined;
  /** The runs of the bench to do; all if empty. Of a question: the programs whose names hold one of these texts. */
  readonly only: readonly string[];
  /** What sizes of inputs are multiplied by, `short` included. */
  readonly scale: number;
  /** Where inputs, results and what is installed for a bench are kept. */
  readonly cache: Cache;
  readonly python: Python;
  /** Whether figures are written into the guides, too. */
  readonly writeDocs: boolean;
}
