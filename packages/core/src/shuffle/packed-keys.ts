import type { KeyIndex } from './key-index.js';

/** Keys of a block, as they cross: records of a `KeyIndex`, one behind the other. */
export interface PackedKeys {
  readonly words: Int32Array;
  /** Those keys that are objects, at the places that their records have among all. */
  readonly objects?: readonly unknown[];
}

const FEWEST = 1024;

/** Gathers the keys of one block after the other. */
export class KeyPacker {
  #words = new Int32Array(FEWEST);
  #length = 0;
  #count = 0;
  #objects: unknown[] | undefined;

  /** Bytes of the keys of this block. */
  get bytes(): number {
    return 4 * this.#length;
  }

  add(index: KeyIndex, record: number): void {
    const end = this.#length + index.wordsOf(record);
    if (end > this.#words.length) {
      const words = new Int32Array(Math.max(end, 2 * this.#words.length));
      words.set(this.#words);
      this.#words = words;
    }
    index.copy(record, this.#words, this.#length);
    this.#length = end;
    const object = index.object(record);
    if (object !== undefined) (this.#objects ??= [])[this.#count] = object;
    this.#count += 1;
  }

  /** The keys since the last call; valid until the next `add`. */
  take(): PackedKeys {
    const words = this.#words.subarray(0, this.#length);
    const objects = this.#objects && Array.from(this.#objects);
    this.#length = 0;
    this.#count = 0;
    this.#objects = undefined;
    return objects ? { words, objects } : { words };
  }
}
