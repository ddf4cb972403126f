import { canonicalKey } from './key.js';

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

// What keeps 1, '1', 1n and [1] apart.
const INTEGER = 0x3c6ef372;
const FLOAT = 0x52dce729;
const BIGINT = 0x38495ab5;
const COMPOSITE = 0x2545f491;
const CONSTANT = 0x165667b1;

const float = new DataView(new ArrayBuffer(8));

/**
 * An unsigned 32-bit hash of a key by value (MurmurHash3 x86 32, Austin Appleby, over UTF-16 code units). The same in
 * every process and every version of Node; another seed gives an independent hash.
 *
 * @throws SerializationError for what cannot be a key.
 */
export function hashKey(key: unknown, seed: number): number {
  switch (typeof key) {
    case 'string':
      return hashText(key, seed);
    case 'number':
      return hashNumber(key, seed);
    case 'bigint':
      return hashText(key.toString(36), seed ^ BIGINT);
    case 'boolean':
      return finish(mix(seed ^ CONSTANT, key ? 1 : 0), 4);
    case 'undefined':
      return finish(mix(seed ^ CONSTANT, 2), 4);
    default:
      if (key === null) return finish(mix(seed ^ CONSTANT, 3), 4);
      return hashCanonical(canonicalKey(key), seed);
  }
}

/** The hash of a composite key by its canonical text. */
export function hashCanonical(text: string, seed: number): number {
  return hashText(text, seed ^ COMPOSITE);
}

/** The seed of a level of splitting: 0 is the map side, each level below hashes anew. */
export function seedOfLevel(level: number): number {
  return Math.imul(level + 1, 0x9e3779b1);
}

function hashText(text: string, seed: number): number {
  const length = text.length;
  const even = length & ~1;
  let hash = seed;
  for (let i = 0; i < even; i += 2) hash = mix(hash, text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  if (even < length) hash ^= scramble(text.charCodeAt(even));
  return finish(hash, length * 2);
}

function hashNumber(value: number, seed: number): number {
  // True of -0 as well, which becomes 0 by `| 0`.
  if ((value | 0) === value) return finish(mix(seed ^ INTEGER, value | 0), 4);
  float.setFloat64(0, value === value ? value : NaN);
  return finish(mix(mix(seed ^ FLOAT, float.getInt32(0)), float.getInt32(4)), 8);
}

function scramble(word: number): number {
  const product = Math.imul(word, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
}

function mix(hash: number, word: number): number {
  const mixed = hash ^ scramble(word);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number, length: number): number {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
