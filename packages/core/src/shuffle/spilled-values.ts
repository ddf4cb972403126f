import { readBlocks } from './block-input.js';
import type { GroupBlock } from './group-log.js';
import type { Segment } from './segment.js';
import type { ShuffleIo } from './shuffle-spec.js';

/** The values of one key, read from the disk, block by block, every time they are iterated; until `close`. */
export class SpilledValues implements Iterable<unknown> {
  readonly #segments: readonly Segment[];
  readonly #io: ShuffleIo;
  readonly #open = new Set<Generator<unknown, void, undefined>>();
  #closed = false;

  constructor(segments: readonly Segment[], io: ShuffleIo) {
    this.#segments = segments;
    this.#io = io;
  }

  *[Symbol.iterator](): Generator<unknown, void, undefined> {
    this.#check();
    const blocks = readBlocks(this.#segments, this.#io);
    this.#open.add(blocks);
    try {
      for (const block of blocks) {
        const values = (block as GroupBlock)[2];
        for (let i = 0; i < values.length; i++) {
          yield values[i];
          this.#check();
        }
      }
    } finally {
      this.#open.delete(blocks);
    }
  }

  /** Ends every iteration that is still under way, and closes its file. */
  close(): void {
    this.#closed = true;
    for (const blocks of this.#open) blocks.return();
    this.#open.clear();
  }

  #check(): void {
    if (this.#closed) {
      throw new Error(
        'the values of a group can be read only until the next group is taken: copy those you keep',
      );
    }
  }
}
