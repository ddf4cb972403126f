/**
 * What to say to an unknown name: the nearest known one, if it is near, or else all of them.
 *
 * @param elsewhere What other libraries call known ones.
 */
export function suggestName(
  name: string,
  known: readonly string[],
  elsewhere: ReadonlyMap<string, string> = new Map(),
): string {
  const near = elsewhere.get(name.toLowerCase()) ?? nearestName(name, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length === 0 ? 'there are none' : `known are ${known.map((each) => `"${each}"`).join(', ')}`;
}

/** The nearest known name, where a rule names all of them: `: did you mean "number"?`, or nothing. */
export function suggestNear(name: unknown, known: readonly string[]): string {
  const near = typeof name === 'string' ? nearestName(name, known) : undefined;
  return near === undefined ? '' : `: did you mean "${near}"?`;
}

/** A known name that begins so, or differs in less than half of the letters (Levenshtein's distance). */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  const isNear = (candidate: string, edits: number): boolean =>
    2 * edits < Math.max(given.length, candidate.length) ||
    (given.length > 2 && candidate.toLowerCase().startsWith(given));
  const [nearest] = known
    .map((candidate) => ({ candidate, edits: distance(given, candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => isNear(candidate, edits))
    .sort((a, b) => a.edits - b.edits);
  return nearest?.candidate;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
  }
  return row[b.length]!;
}
