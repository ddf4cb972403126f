/** What a plan would do. `String()` and `console.log` give it as a small tree. */
export interface Explanation {
  /** In the order in which they would run. */
  readonly stages: readonly ExplainedStage[];
  /** Child processes that would work on it; 0 where it would run in this process. */
  readonly processes: number;
  /** Engines that could run it: `local`, and `spark` where no source is pulled in this process. */
  readonly engines: readonly string[];
  /** What a checkpoint would hold, in words. */
  readonly checkpoint: string;
  /** The small tree. */
  toString(): string;
}

/** One pass over chunks: up to a keyed verb, or to the action. */
export interface ExplainedStage {
  /** One for each source or keyed verb that it reads. */
  readonly inputs: readonly ExplainedInput[];
  /** Where the records end: a keyed verb, or the action. */
  readonly sink: string;
  /** The plans of `together` that it is for, where it is not for all of them. */
  readonly plans?: readonly string[];
  /** The stage, from 0, that reads the same input: both are run in one pass over it. */
  readonly beside?: number;
  /** Pieces that its input is split into; undefined where that is known only once the source was pulled. */
  readonly chunks: number | undefined;
  /** Tasks at most, each of one or more chunks; undefined as `chunks`. */
  readonly tasks: number | undefined;
  /** Size of the input of its sources in bytes, where that is known. */
  readonly bytes: number | undefined;
  /** Buckets that a keyed verb spreads its keys over. */
  readonly buckets?: number;
  /** What goes to temporary files, in words. */
  readonly spills: string;
}

/** Where records of a stage come from, and the verbs that they pass. */
export interface ExplainedInput {
  /** The source with its paths, or the keyed verb of an earlier stage. */
  readonly from: string;
  /** The stage that it comes from, where it is a keyed verb. */
  readonly stage?: number;
  /**
   * The verbs with their functions, by name or by the beginning of their text; a join that needs no shuffle with the side that is a
   * short list, and how many records that has.
   */
  readonly verbs: readonly string[];
}
