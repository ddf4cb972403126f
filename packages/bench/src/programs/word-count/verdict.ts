/** What a count found, in short: equal for equal counts. */
export function verdict(counts: Iterable<number>): string {
  let [words, different, most] = [0, 0, 0];
  for (const n of counts) {
    words += n;
    different += 1;
    most = Math.max(most, n);
  }
  return `${words} words, ${different} different, at most ${most} times`;
}
