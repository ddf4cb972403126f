import { decode } from '../../values/codec.js';
import { OwnCopies } from '../../values/own-copies.js';
import { freshMemory } from './index-memory.js';
import { KeyIndex } from './key-index.js';

/** The values that the short side of a join has for each key, in their order. A key is looked up as a shuffle compares it. */
export class SideTable {
  readonly #index = new KeyIndex(0, freshMemory());
  readonly #values: unknown[][] = [];
  readonly #copies = new OwnCopies();

  /**
   * @param blocks Arrays of pairs, encoded.
   * @throws BadKey for what cannot be a key, TypeError for what is no pair.
   */
  constructor(blocks: readonly Uint8Array[]) {
    for (const block of blocks) for (const record of decode(block) as readonly unknown[]) this.#add(record);
  }

  /**
   * The values of a key, undefined where it has none. They are there for all who look it up: `copyOf` gives what a record may
   * have for its own.
   *
   * @throws BadKey for what cannot be a key.
   */
  valuesOf(key: unknown): readonly unknown[] | undefined {
    const record = this.#index.known(key);
    return record === 0 ? undefined : this.#values[this.#index.number(record)];
  }

  copyOf(value: unknown): unknown {
    return this.#copies.of(value);
  }

  #add(record: unknown): void {
    if (!Array.isArray(record) || record.length !== 2) throw new TypeError('a side of a join is of pairs');
    const [key, value] = record as unknown as readonly [unknown, unknown];
    const index = this.#index;
    const at = index.record(key);
    if (index.size > this.#values.length) index.setNumber(at, this.#values.push([]) - 1);
    this.#values[index.number(at)]!.push(value);
    this.#copies.keep(value);
  }
}

/** What a child makes of a short side. */
export function sideTable(blocks: readonly Uint8Array[]): SideTable {
  return new SideTable(blocks);
}
