import { readBlocks } from '../../blocks/block-input.js';
import { sizeOf } from '../../blocks/size-estimate.js';
import type { SpillPlace } from '../../blocks/spill-place.js';
import { storedKey, type Keys } from './key-column.js';
import type { KeyProbe } from './key-probe.js';
import { isTexts, ROW_BYTES, type SortRows, type StoredRows } from './sort-rows.js';
import type { SortBlock, SortSlice, SortSpec } from './spec.js';
import { textsOfBlock, type TextBlock } from './text-column.js';

interface HeldBlock extends StoredRows {
  /** The rows that are still wanted: from `from` up to before `to`. */
  from: number;
  readonly to: number;
  readonly bytes: number;
}

/** A `SortBound` whose key is ready to be compared. */
export interface Bound {
  readonly key: KeyProbe;
  readonly run: number;
}

/** Which records of the runs are wanted. */
export interface Bounds {
  readonly lower: Bound | undefined;
  readonly upper: Bound | undefined;
}

/** One sorted run: its blocks, read one after the other, and held until their rows are taken. */
export class RunReader {
  /** The number of the run. */
  readonly run: number;
  /** Whether there is no more to be read. */
  isRead = false;
  /** The last key held, while there is more to be read: all that follow are not before it. */
  lastKey: unknown;
  /** Bytes that the rows held take, about. */
  bytes = 0;
  /** Number of rows held. */
  rows = 0;
  readonly #blocks: Generator<unknown, void, undefined>;
  readonly #bounds: Bounds;
  readonly #descending: boolean;
  #held: HeldBlock[] = [];

  constructor(
    { run, segment }: SortSlice,
    bounds: Bounds,
    { descending }: SortSpec,
    { place, window }: { readonly place: SpillPlace; readonly window: number },
  ) {
    this.run = run;
    this.#blocks = readBlocks([segment], place, window);
    this.#bounds = bounds;
    this.#descending = descending;
  }

  /** Reads the next block that has wanted rows, if there is one. */
  read(): void {
    while (!this.isRead) {
      const { value, done } = this.#blocks.next();
      if (done === true) {
        this.isRead = true;
        return;
      }
      const stored = storedRows(value as SortBlock);
      const { keys } = stored;
      const { lower, upper } = this.#bounds;
      const count = keys.texts.ends.length;
      const from = lower === undefined ? 0 : this.#rowsBefore(keys, 0, lower);
      const to = upper === undefined ? count : this.#rowsBefore(keys, from, upper);
      // All that follow lie beyond the range too.
      if (to < count) this.close();
      if (from === to) continue;
      this.lastKey = storedKey(keys, to - 1);
      const bytes = bytesOf(stored) * ((to - from) / count);
      this.#held.push({ ...stored, from, to, bytes });
      this.bytes += bytes;
      this.rows += to - from;
      return;
    }
  }

  /** Moves the rows held that come before `bound` to `rows`; all of them where there is none. */
  take(rows: SortRows, bound: Bound | undefined): void {
    const held = this.#held;
    let taken = 0;
    for (const block of held) {
      const to = bound === undefined ? block.to : this.#rowsBefore(block.keys, block.from, bound, block.to);
      rows.append(block, block.from, to);
      this.rows -= to - block.from;
      block.from = to;
      if (to < block.to) break;
      this.bytes -= block.bytes;
      taken += 1;
    }
    this.#held = held.slice(taken);
  }

  close(): void {
    this.isRead = true;
    this.#blocks.return();
  }

  /** The first row from `low` on that does not come before the bound. */
  #rowsBefore(keys: Keys, low: number, { key, run }: Bound, high = keys.texts.ends.length): number {
    // Rows that have the bound's key are before it if their run is.
    const least = this.run < run ? 1 : 0;
    const sign = this.#descending ? -1 : 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sign * key.compare(keys, middle) < least) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function storedRows({ keys, areTexts, records }: SortBlock): StoredRows {
  return {
    keys: { texts: textsOfBlock(keys), areTexts },
    records: records === null || Array.isArray(records) ? records : textsOfBlock(records as TextBlock),
  };
}

/** What holding the rows of a block takes, and moving them on. */
function bytesOf({ keys, records }: StoredRows): number {
  const units = keys.texts.units.byteLength + (isTexts(records) ? records.units.byteLength : 0);
  return ROW_BYTES * keys.texts.ends.length + 3 * units + (isTexts(records) ? 0 : sizeOf(records));
}
