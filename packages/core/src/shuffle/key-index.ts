import { hashCanonical, hashKey } from './hash-key.js';
import { canonicalKey, copyKey } from './key.js';
import { ownText } from './own-text.js';
import { sizeOf } from './size-estimate.js';

/** What a key costs besides itself: its hash and its places in the table and in `keys`, with room to grow. */
const ENTRY_BYTES = 48;

const FEWEST = 32;

/**
 * Numbers keys by value, 0, 1, 2, ... in the order of their first appearance. A table of its own (open addressing with
 * linear probing) and not a Map: for strings that were just made it takes half the time, and each key is hashed once,
 * for the table and for the bucket it goes to.
 */
export class KeyIndex {
  /** The distinct keys; a key's slot is its index here. */
  readonly keys: unknown[] = [];
  /** Estimated bytes of the index and its keys. */
  bytes = 0;
  readonly #seed: number;
  #hashes = new Int32Array(FEWEST);
  /**
   * Two numbers a place, twice as many places as `#hashes` has room for: a slot plus one, or 0 where there is none, and its
   * hash. A slot is at the place of its hash, or behind. Side by side, so that a look costs one miss of the cache.
   */
  #places = new Int32Array(4 * FEWEST);
  /** The canonical texts of composite keys, at their slots. */
  #texts: (string | undefined)[] | undefined;

  /** @param seed of the hash that `hashOf` gives. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * The slot of a key, given to it now if it is new (then it is the last one of `keys`).
   *
   * @throws BadKey for what cannot be a key.
   */
  slot(key: unknown): number {
    if (isComposite(key)) return this.#compositeSlot(key);
    const hash = hashKey(key, this.#seed) | 0;
    const place = this.#placeOf(key, hash);
    const found = this.#places[place]!;
    if (found !== 0) return found - 1;
    this.bytes += ENTRY_BYTES + (typeof key === 'string' ? 24 + key.length : sizeOf(key));
    return this.#append(key === 0 ? 0 : ownText(key), hash, place);
  }

  /** The slot of a key, or undefined if it has none. */
  find(key: unknown): number | undefined {
    let found: number;
    if (isComposite(key)) {
      const text = canonicalKey(key);
      found = this.#places[this.#placeOfText(text, hashCanonical(text, this.#seed) | 0)]!;
    } else {
      found = this.#places[this.#placeOf(key, hashKey(key, this.#seed) | 0)]!;
    }
    return found === 0 ? undefined : found - 1;
  }

  /** The hash of a slot's key: that of `hashKey` with the seed. */
  hashOf(slot: number): number {
    return this.#hashes[slot]! >>> 0;
  }

  #compositeSlot(key: unknown): number {
    const text = canonicalKey(key);
    const hash = hashCanonical(text, this.#seed) | 0;
    const place = this.#placeOfText(text, hash);
    const found = this.#places[place]!;
    if (found !== 0) return found - 1;
    this.#texts ??= [];
    this.#texts[this.keys.length] = text;
    this.bytes += ENTRY_BYTES + 24 + text.length + sizeOf(key);
    return this.#append(copyKey(key), hash, place);
  }

  /** Where a primitive key is, or belongs. Keys are compared as a Map does: NaN equals NaN, -0 equals 0. */
  #placeOf(key: unknown, hash: number): number {
    const places = this.#places;
    const { keys } = this;
    const mask = places.length - 1;
    let place = (hash << 1) & mask;
    for (let slot = places[place]!; slot !== 0; slot = places[place]!) {
      if (places[place + 1] === hash) {
        const other = keys[slot - 1];
        if (other === key || (other !== other && key !== key)) return place;
      }
      place = (place + 2) & mask;
    }
    return place;
  }

  #placeOfText(text: string, hash: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    let place = (hash << 1) & mask;
    for (let slot = places[place]!; slot !== 0; slot = places[place]!) {
      if (places[place + 1] === hash && this.#texts?.[slot - 1] === text) return place;
      place = (place + 2) & mask;
    }
    return place;
  }

  #append(key: unknown, hash: number, place: number): number {
    const slot = this.keys.push(key) - 1;
    if (slot === this.#hashes.length) this.#grow();
    this.#hashes[slot] = hash;
    if (4 * this.#hashes.length !== this.#places.length) this.#rebuild();
    else {
      this.#places[place] = slot + 1;
      this.#places[place + 1] = hash;
    }
    return slot;
  }

  #grow(): void {
    const hashes = new Int32Array(2 * this.#hashes.length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }

  /** Makes a table that suits the number of keys. */
  #rebuild(): void {
    const hashes = this.#hashes;
    const places = new Int32Array(4 * hashes.length);
    const mask = places.length - 1;
    for (let slot = 0; slot < this.keys.length; slot++) {
      const hash = hashes[slot]!;
      let place = (hash << 1) & mask;
      while (places[place] !== 0) place = (place + 2) & mask;
      places[place] = slot + 1;
      places[place + 1] = hash;
    }
    this.#places = places;
  }
}

function isComposite(key: unknown): boolean {
  return typeof key === 'object' ? key !== null : typeof key === 'function' || typeof key === 'symbol';
}
