import type { KeyIndex } from './key-index.js';

/** Keys of a block, as they cross: records of a `KeyIndex`, one behind the other. */
export interface PackedKeys {
  readonly words: Int32Array;
  /** Those keys that are objects, at the places that their records have among all. */
  readonly objects?: readonly unknown[];
}

const FEWEST = 1024;

/** Gathers keys of an index for a block. */
export class KeyPacker {
  readonly #index: KeyIndex;
  readonly #records: number[] = [];
  #words = new Int32Array(FEWEST);
  #length = 0;
  #objects: unknown[] | undefined;

  constructor(index: KeyIndex) {
    this.#index = index;
  }

  /** Bytes of the records, without the objects. */
  get bytes(): number {
    return 4 * this.#length;
  }

  /** Valid until `add` or `clear`. */
  get keys(): PackedKeys {
    const words = this.#words.subarray(0, this.#length);
    return this.#objects ? { words, objects: Array.from(this.#objects) } : { words };
  }

  add(record: number): void {
    const index = this.#index;
    const end = this.#length + index.wordsOf(record);
    if (end > this.#words.length) {
      const words = new Int32Array(Math.max(end, 2 * this.#words.length));
      words.set(this.#words);
      this.#words = words;
    }
    index.copy(record, this.#words, this.#length);
    this.#length = end;
    const object = index.object(record);
    if (object !== undefined) (this.#objects ??= [])[this.#records.length] = object;
    this.#records.push(record);
  }

  /** The `i`-th key. */
  keyAt(i: number): unknown {
    return this.#index.key(this.#records[i]!);
  }

  clear(): void {
    this.#records.length = 0;
    this.#length = 0;
    this.#objects = undefined;
  }
}
