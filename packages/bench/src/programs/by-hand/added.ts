/** Adds up what parts have by their keys. */
export function added(parts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const part of parts) for (const [key, n] of part) sums.set(key, (sums.get(key) ?? 0) + n);
  return sums;
}
