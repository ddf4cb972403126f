// After MurmurHash3 x86 32 (Austin Appleby): `mix` for every word, then `finish`.

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

export function mix(hash: number, word: number): number {
  const mixed = hash ^ scramble(word);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** The hash, a signed integer of 32 bits; `shape` tells apart what is of the same words. */
export function finish(hash: number, shape: number): number {
  let h = hash ^ shape;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function scramble(word: number): number {
  const product = Math.imul(word, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
}
