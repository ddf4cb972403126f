/** Cuts numbers into so many chunks of the same size. */
export function chunksOf(numbers: Uint8Array, count: number): Uint8Array[] {
  const size = Math.ceil(numbers.length / count);
  return Array.from({ length: count }, (_, i) => numbers.slice(i * size, (i + 1) * size));
}

/** Adds up partial sums in the order of their chunks. */
export async function sumOf(sums: readonly PromiseLike<bigint>[]): Promise<bigint> {
  return (await Promise.all(sums)).reduce((a, b) => a + b, 0n);
}
