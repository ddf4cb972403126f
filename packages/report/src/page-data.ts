/** What the script of the page draws. */
export interface PageData {
  readonly isUnderWay: boolean;
  /** When the page was written, in milliseconds since 1970. */
  readonly written: number;
  /** Seconds that the run has taken. */
  readonly seconds: number;
  /** Sink of each stage. */
  readonly sinks: readonly string[];
  readonly spans: SpanColumns;
  readonly samples: SampleColumns;
  /** For each distribution that is shown, how many chunks each bar stands for. */
  readonly times: readonly Bars[];
  /** For each stage by key, the sizes of its buckets in bytes, the largest first. */
  readonly buckets: readonly Bars[];
}

/** Bars with a label each. */
export interface Bars {
  /** The id of the element to draw in. */
  readonly id: string;
  readonly labels: readonly string[];
  readonly heights: readonly number[];
}

/** Attempts, by column. */
export interface SpanColumns {
  readonly slot: readonly number[];
  readonly stage: readonly number[];
  readonly chunk: readonly number[];
  readonly chunks: readonly number[];
  readonly records: readonly number[];
  readonly start: readonly number[];
  readonly end: readonly number[];
  /** A place in `OUTCOMES`. */
  readonly outcome: readonly number[];
  /** 1 for an attempt that followed a crash or a timeout. */
  readonly retry: readonly number[];
  /** How children died, by the number of the span. */
  readonly deaths: Readonly<Record<number, string>>;
}

/** How far the run was, by column. Speeds are since the sample before. */
export interface SampleColumns {
  readonly at: readonly number[];
  readonly recordsPerSecond: readonly number[];
  readonly bytesPerSecond: readonly number[];
  readonly childBytes: readonly number[];
  readonly parentBytes: readonly number[];
  readonly spilledBytes: readonly number[];
  readonly busy: readonly number[];
}

/** How attempts end; columns hold the place in this list. */
export const OUTCOMES = ['done', 'error', 'died', 'timeout', 'cancelled', 'running'] as const;
