/** What a task tells of itself where somebody watches the run. It comes with the reply. */
export interface TaskUsage {
  /** The process that it ran in. */
  readonly pid: number;
  /** How long each chunk of the task took, in the order of the message. */
  readonly chunkSeconds: Float64Array;
  /** How many records each of them had. */
  readonly chunkRecords: Float64Array;
  /** How long it took to make bytes of what the task gives. */
  readonly serializeSeconds: number;
  /** How long the process has collected garbage since it last told. */
  readonly gcSeconds: number;
  /** How long the process has worked since the task began, and not waited. */
  readonly cpuSeconds: number;
  /** Of a verb whose function is asynchronous. */
  readonly calls?: CallPeak | undefined;
  /** Of a keyed verb: about which keys most of the records have. */
  readonly keys?: KeyWeights | undefined;
}

/** The heaviest keys of some records, found by a sample. */
export interface KeyWeights {
  /** How many records the weights are of. */
  readonly seen: number;
  /** Keys in words, and about how many records each has; the heaviest first. */
  readonly heaviest: readonly (readonly [key: string, records: number])[];
}

/** Calls of an asynchronous function. */
export interface CallPeak {
  /** How many were under way at most. */
  readonly underWay: number;
  /** How many might have been. */
  readonly concurrency: number;
}

/** How far a task under way is. A child tells it a few times a second, where somebody watches the run. */
export interface TaskPulse {
  /** Records that it has read. */
  readonly records: number;
  /** Bytes of files that it has read, as they lie on the disk. */
  readonly bytes: number;
}
