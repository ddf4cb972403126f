import { canonicalKey, copyKey } from './key.js';
import { sizeOf } from './size-estimate.js';

/** What a key costs besides itself: its entry in the Map (with room to grow) and its place in `keys`. */
const ENTRY_BYTES = 64;

/** Numbers keys by value, 0, 1, 2, ... in the order of their first appearance. */
export class KeyIndex {
  /** The distinct keys; a key's slot is its index here. */
  readonly keys: unknown[] = [];
  /** Estimated bytes of the index and its keys. */
  bytes = 0;
  readonly #slots = new Map<unknown, number>();
  #composites: Map<string, number> | undefined;

  /**
   * The slot of a key, given to it now if it is new (then it is the last one of `keys`).
   *
   * @throws SerializationError for what cannot be a key.
   */
  slot(key: unknown): number {
    // Map compares primitives as keys must be compared: NaN equals NaN, -0 equals 0, 1 differs from '1' and 1n.
    if (typeof key === 'object' ? key !== null : typeof key === 'function' || typeof key === 'symbol') {
      return this.#compositeSlot(key);
    }
    const found = this.#slots.get(key);
    if (found !== undefined) return found;
    const slot = this.keys.length;
    this.#slots.set(key, slot);
    this.keys.push(key === 0 ? 0 : key);
    this.bytes += ENTRY_BYTES + (typeof key === 'string' ? 24 + key.length : sizeOf(key));
    return slot;
  }

  /** The slot of a key, or undefined if it has none. */
  find(key: unknown): number | undefined {
    if (typeof key !== 'object' || key === null) return this.#slots.get(key);
    return this.#composites?.get(canonicalKey(key));
  }

  #compositeSlot(key: unknown): number {
    const canonical = canonicalKey(key);
    this.#composites ??= new Map();
    const found = this.#composites.get(canonical);
    if (found !== undefined) return found;
    const slot = this.keys.length;
    this.#composites.set(canonical, slot);
    this.keys.push(copyKey(key));
    this.bytes += ENTRY_BYTES + 24 + canonical.length + sizeOf(key);
    return slot;
  }
}
