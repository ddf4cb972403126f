/** What a bench is told. */
export interface BenchOptions {
  /** A small input, once: shows that the bench works, measures little. */
  readonly short: boolean;
  /** How often each program is run, where programs are compared; a number of the bench's own if undefined. */
  readonly rounds: number | undefined;
  /** The runs of the bench to do; all if empty. */
  readonly only: readonly string[];
}
