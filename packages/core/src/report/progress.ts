import { now } from '../timers.js';

/** How far a run is. */
export interface Progress {
  /** One-based number of the stage that is running, of `stages`. */
  readonly stage: number;
  /** Number of stages: one, and one more for each keyed verb. */
  readonly stages: number;
  /** Chunks of this stage that are finished. */
  readonly chunks: number;
  /** Chunks of this stage, where it is known. */
  readonly totalChunks: number | undefined;
  /** Records read in all stages. */
  readonly records: number;
  /** Records left out so far, under `onError: 'skip'`. */
  readonly skipped: number;
  /** Seconds since the run began. */
  readonly seconds: number;
}

/** Writes progress as a line on stderr, at most ten times a second. */
export function progressLine(): ((progress: Progress) => void) & { end(): void } {
  let last = 0;
  let shown = '';
  const write = ({ stage, stages, chunks, totalChunks, records, skipped, seconds }: Progress): void => {
    const of = totalChunks === undefined ? '' : `/${totalChunks}`;
    shown = `stage ${stage}/${stages}, chunk ${chunks}${of}, ${records} records, ${skipped > 0 ? `${skipped} skipped, ` : ''}${seconds.toFixed(1)} s`;
    if (!process.stderr.isTTY || now() - last < 100) return;
    last = now();
    process.stderr.write(`\r${shown}\u001b[K`);
  };
  const end = (): void => {
    if (shown !== '') process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${shown}\n`);
  };
  return Object.assign(write, { end });
}
