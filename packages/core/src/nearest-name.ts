/** The known name at the smallest edit distance (Levenshtein). */
export function nearestName(name: string, known: readonly string[]): string {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i += 1) {
      const above = row;
      row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
      }
    }
    return row[b.length]!;
  };
  const at = (candidate: string): number => distance(name.toLowerCase(), candidate.toLowerCase());
  return known.reduce((best, candidate) => (at(candidate) < at(best) ? candidate : best));
}
