/** Takes the next four bytes, the first the lowest, into a hash: by a step of MurmurHash3's finalizer. */
export function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x85ebca6b);
  return product ^ (product >>> 13);
}
