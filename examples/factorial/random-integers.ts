/** `length` integers in [1, 100), the same ones at every call (mulberry32). */
export function randomIntegers(length: number, seed = 42): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return 1 + Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * 99);
  });
}
