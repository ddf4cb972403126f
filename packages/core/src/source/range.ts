import { OptionError } from '../errors.js';
import type { Batch, ChunkOptions, Partitions, RangeChunk } from './chunk.js';

export interface RangeSource {
  readonly kind: 'range';
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The numbers from `start` up to, but not including, `end`, as Python's `range`. */
export function rangeSource(start: number, end: number, step: number): RangeSource {
  for (const [name, value] of Object.entries({ start, end, step })) {
    if (!Number.isFinite(value) || (name === 'step' && value === 0)) {
      const rule = name === 'step' ? 'a finite number other than 0' : 'a finite number';
      throw new OptionError(`Expected "${name}" of range to be ${rule}, got ${String(value)}`, name);
    }
  }
  return { kind: 'range', start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
}

export function partitionRange({ start, step, count }: RangeSource, { chunkSize }: ChunkOptions): Partitions {
  const size = chunkSize ?? Math.min(2 ** 20, Math.max(1, Math.ceil(count / 1024)));
  function* chunks(): Generator<RangeChunk> {
    for (let first = 0; first < count; first += size) {
      yield { kind: 'range', start, step, first, count: Math.min(size, count - first) };
    }
  }
  return { chunks: chunks(), count: Math.ceil(count / size), bytes: count * 64 };
}

export function* readRange({ start, step, first, count }: RangeChunk): Generator<Batch> {
  for (let done = 0; done < count; done += 4096) {
    const from = first + done;
    // Multiplied, not accumulated: fractions do not drift, and every chunk gives the same numbers.
    const records = Array.from({ length: Math.min(4096, count - done) }, (_, i) => start + (from + i) * step);
    yield { records, locate: (i) => ({ index: from + i }) };
  }
}
