import { BlockOutput } from '../blocks/block-output.js';
import type { MapOutput } from '../blocks/segment.js';
import type { SpillPlace } from '../blocks/spill-place.js';

/** What is left of extents that have ended may take this share of the memory. */
export const LEFT_SHARE = 1 / 8;

/** What a map side gathers in memory until its estimate of the bytes, which depends on the values alone, is too much. */
export interface Gathered {
  /** Writes everything, and begins anew. */
  flush(output: BlockOutput): void;
  /** Empties it for good. May be called again. */
  release(): void;
}

/** The map side of a shuffle, but for how it takes what it is given. */
export interface SpillingWriter {
  /** To be called when there is too much: writes everything to one file. After an error call `abort`. */
  spill(): void;
  /** Writes what is there, in memory while it is little. After an error call `abort`. */
  flush(): void;
  /** Hands over everything. On an error its files are already removed. */
  finish(): MapOutput;
  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void;
}

/** Writes what was gathered: in memory while it is little and was never too much, else to one file. */
export function spillingWriter(gathered: Gathered, place: SpillPlace): SpillingWriter {
  const output = new BlockOutput(place);
  return {
    spill() {
      output.toFile();
      gathered.flush(output);
    },
    flush: () => gathered.flush(output),
    finish() {
      try {
        gathered.flush(output);
        return output.finish();
      } catch (error) {
        output.remove();
        throw error;
      } finally {
        gathered.release();
      }
    },
    abort() {
      gathered.release();
      output.remove();
    },
  };
}
