/**
 * An integer for each of so many partitions, which Spark's `REPARTITION(lanes, p)` brings there: the smallest `p` of at least
 * 0 for which `pmod(hash(p), lanes)` is the partition's number. Integers are tried one after another: about
 * `lanes * ln(lanes)` of them.
 */
export function laneKeys(lanes: number): number[] {
  const keys = new Array<number>(lanes).fill(-1);
  for (let key = 0, left = lanes; left > 0; key++) {
    const lane = ((sparkHash(key) % lanes) + lanes) % lanes;
    if (keys[lane] !== -1) continue;
    keys[lane] = key;
    left -= 1;
  }
  return keys;
}

/** What Spark's `hash()` says of an INT: Murmur3 of 32 bits over its four bytes, seed 42. */
export function sparkHash(int: number): number {
  const k = Math.imul(rotateLeft(Math.imul(int, 0xcc9e2d51), 15), 0x1b873593);
  let h = (Math.imul(rotateLeft(42 ^ k, 13), 5) + 0xe6546b64) ^ 4;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
