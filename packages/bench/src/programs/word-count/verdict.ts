/** What a count found, in short: equal for equal counts. */
export function verdict(counts: ReadonlyMap<string, number>): string {
  let [words, most] = [0, 0];
  for (const n of counts.values()) {
    words += n;
    most = Math.max(most, n);
  }
  return `${words} words, ${counts.size} different, at most ${most} times`;
}
