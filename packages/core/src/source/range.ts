import { OptionError } from '../errors.js';
import {
  inUnits,
  type Batch,
  type ChunkOptions,
  type ChunkReader,
  type Cut,
  type Source,
  type SourceChunk,
} from './source.js';
import { wrongArgument } from '../checks/wrong-argument.js';

interface Progression {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** A slice of an arithmetic progression: `start + i * step` for the indexes from `first`. */
export interface RangeChunk extends SourceChunk {
  readonly kind: 'range';
  readonly start: number;
  readonly step: number;
  /** Index of the first number in its source. */
  readonly first: number;
  readonly count: number;
}

/** What a number is taken to cost in a shuffle, in bytes. */
const NUMBER_BYTES = 64;
const BATCH = 4096;
const MAX_CHUNK = 2 ** 20;

/**
 * The numbers `start + i * step` up to, but not including, `end`, as Python's `range`; fractions are allowed.
 *
 * @throws OptionError for a number that is not finite, a step of 0, or more than 2 ** 53 - 1 numbers.
 */
export function rangeSource(start: number, end: number, step: number): Source {
  checkRange(start, end, step);
  const numbers = { start, step, count: countOf(start, end, step) };
  return { name: 'range', identity: numbers, cut: (options) => cutRange(numbers, options) };
}

/** @throws OptionError for a number that is not finite, and for a step of 0. */
function checkRange(start: unknown, end: unknown, step: unknown): void {
  for (const [name, value] of Object.entries({ start, end, step })) {
    if (!Number.isFinite(value)) throw wrongArgument(name, 'a finite number', value);
  }
  if (step === 0) throw wrongArgument('step', 'a finite number other than 0', step);
}

/** Cuts a range into about 1024 chunks of at most 2 ** 20 numbers, or into chunks of `chunkSize`. */
function cutRange({ start, step, count }: Progression, { chunkSize, unit }: ChunkOptions): Cut {
  const size = chunkSize ?? inUnits(Math.min(MAX_CHUNK, Math.max(1, Math.ceil(count / 1024))), unit);
  function* cut(): Generator<RangeChunk, void, undefined> {
    for (let first = 0; first < count; first += size) {
      yield { kind: 'range', start, step, first, count: Math.min(size, count - first) };
    }
  }
  const chunks = { [Symbol.iterator]: cut };
  return { chunks, count: Math.ceil(count / size), bytes: count * NUMBER_BYTES, chunkRecords: size };
}

/** Reads the numbers of a chunk, 4096 at a time. */
export const range: ChunkReader<RangeChunk> = { read: readRange };

function* readRange({ start, step, first, count }: RangeChunk): Generator<Batch, void, undefined> {
  for (let done = 0; done < count; done += BATCH) {
    const from = first + done;
    const records = new Array<number>(Math.min(BATCH, count - done));
    // Multiplied, not accumulated: fractions do not drift, and every chunking gives the same numbers.
    for (let i = 0; i < records.length; i += 1) records[i] = start + (from + i) * step;
    yield { records, first: from, locate: (i) => ({ index: from + i }) };
  }
}

/**
 * The number of indexes `i` with `start + i * step` before `end`. A division would be off by one where it rounds, as in
 * range(1, 1.3, 0.1); the numbers never turn back, rounding included, so the first one past the end is searched.
 */
function countOf(start: number, end: number, step: number): number {
  const isPast = (i: number): boolean => (step > 0 ? start + i * step >= end : start + i * step <= end);
  let [low, high] = [0, Number.MAX_SAFE_INTEGER];
  if (!isPast(high)) {
    throw new OptionError(
      `range(${start}, ${end}, ${step}) has more than ${high} numbers: take a larger step, or an end nearer to the start`,
      'end',
    );
  }
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
