import { BlockOutput } from '../../blocks/block-output.js';
import { detachText } from '../keys/detach-text.js';
import { RunWriter } from './run-writer.js';
import type { MapOutput } from '../../blocks/segment.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import { SizeSampler } from '../../blocks/size-estimate.js';
import { comparator, sortKey } from '../keys/sort-key.js';
import type { SortRun } from '../../blocks/sort-index.js';
import type { SortSpec } from './spec.js';

/** Enough that the ranges of keys come out equal within a few percent; the parent holds them all. */
const SAMPLES_OF_RUN = 128;

/** The map side of a sort: what one task emits, as sorted runs. */
export interface SortWriter {
  /** Takes the next record in the order of the input. May write to the disk. After an error call `abort`. */
  add(key: unknown, record: unknown): void;
  /** Hands over everything, with `samples` for `planSort`. On an error its files are already removed. */
  finish(): MapOutput;
  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void;
}

/** Sorts records by key, stably. Whenever they are estimated at more than `io.memory` bytes they become a run. */
export function sortWriter({ descending }: SortSpec, io: SpillPlace): SortWriter {
  const output = new BlockOutput(io);
  const samples: SortRun[] = [];
  const sampler = new SizeSampler();
  let keys: unknown[] = [];
  let records: unknown[] = [];
  let bytes = 0;

  const clear = (): void => {
    keys = [];
    records = [];
    bytes = 0;
  };

  const endRun = (): void => {
    const count = keys.length;
    if (count === 0) return;
    const order = sortedOrder(keys, descending);
    output.begin(samples.length);
    // A run of many blocks can be cut finely, but tiny blocks cost more than they save.
    const run = new RunWriter(output, Math.min(96 * 1024, Math.max(8 * 1024, bytes / 128)));
    for (const i of order) run.add(keys[i], records[i]);
    run.end();
    const sampled = Math.min(count, SAMPLES_OF_RUN);
    samples.push({
      firstKeys: run.firstKeys,
      lengths: run.lengths,
      samples: Array.from(
        { length: sampled },
        (_, i) => keys[order[Math.floor(((i + 0.5) * count) / sampled)]!],
      ),
    });
    clear();
  };

  return {
    add(key, record) {
      const kept = detachText(record);
      const own = key === record && typeof key === 'string' ? kept : ownKey(key);
      keys.push(own);
      records.push(kept);
      bytes += 40 + sampler.of(kept);
      if (!Object.is(own, kept)) bytes += sampler.of(own);
      if (bytes <= io.memory) return;
      output.toFile();
      endRun();
    },
    finish() {
      try {
        endRun();
        return { ...output.finish(), samples };
      } catch (error) {
        output.remove();
        throw error;
      }
    },
    abort() {
      clear();
      output.remove();
    },
  };
}

function ownKey(key: unknown): unknown {
  if (typeof key === 'string') return detachText(key);
  return typeof key === 'number' ? key : sortKey(key);
}

// Indices and not pairs are sorted: no object a record. The index decides between equal keys, so the sort is stable.
function sortedOrder(keys: readonly unknown[], descending: boolean): Uint32Array {
  const order = Uint32Array.from(keys, (_, i) => i);
  const sign = descending ? -1 : 1;
  if (keys.every((key) => typeof key === 'string')) {
    const texts = keys;
    return order.sort((a, b) => (texts[a]! < texts[b]! ? -sign : texts[a]! > texts[b]! ? sign : a - b));
  }
  if (keys.every((key) => typeof key === 'number' && key === key)) {
    const numbers = Float64Array.from(keys as readonly number[]);
    return order.sort((a, b) =>
      numbers[a]! < numbers[b]! ? -sign : numbers[a]! > numbers[b]! ? sign : a - b,
    );
  }
  const compare = comparator(descending);
  return order.sort((a, b) => compare(keys[a], keys[b]) || a - b);
}
