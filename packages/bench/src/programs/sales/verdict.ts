/** What was found, in short: equal for equal sums by shop, to the cent. */
export function verdict(sums: Iterable<readonly [string, number]>): string {
  let [shops, cents] = [0, 0];
  for (const [, sum] of sums) {
    shops += 1;
    cents += Math.round(sum * 100);
  }
  return `${shops} shops, ${cents} cents`;
}
