import { BlockOutput } from '../blocks/block-output.js';
import type { MapOutput } from '../blocks/segment.js';
import type { SpillPlace } from '../blocks/spill-place.js';

/** What a map side gathers in memory until it has too much. */
export interface Gathered {
  /** An estimate of what it takes; it depends on the values alone. */
  readonly bytes: number;
  /** Whether it can take no more, however little it takes. */
  readonly isFull?: boolean;
  /** Writes everything, and begins anew. */
  flush(output: BlockOutput): void;
  clear(): void;
}

/** The map side of a shuffle, but for how it takes what it is given. */
export interface SpillingWriter {
  /** To be called after each value: writes to the disk once there is too much. After an error call `abort`. */
  spill(): void;
  /** Hands over everything. On an error its files are already removed. */
  finish(): MapOutput;
  /** Removes what was written, also after `finish`. May be called again. */
  abort(): void;
}

/** Keeps at most `place.memory` bytes, by estimate, in memory; what is more goes to one file. */
export function spillingWriter(gathered: Gathered, place: SpillPlace): SpillingWriter {
  const output = new BlockOutput(place);
  const { memory } = place;
  return {
    spill() {
      if (gathered.bytes <= memory && gathered.isFull !== true) return;
      output.toFile();
      gathered.flush(output);
    },
    finish() {
      try {
        gathered.flush(output);
        return output.finish();
      } catch (error) {
        output.remove();
        throw error;
      }
    },
    abort() {
      gathered.clear();
      output.remove();
    },
  };
}
