/** What a bench is told. */
export interface BenchOptions {
  /** A small input, once: shows that the bench works, measures little. */
  readonly short: boolean;
  /** The runs of the bench to do; all if empty. */
  readonly only: readonly string[];
}
