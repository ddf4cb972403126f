/** What travels to the children and back. */
export function itemsOf(kind: string, count: number): unknown[] {
  return Array.from({ length: count }, (_, n) =>
    kind === 'integers' ? n : { id: n, name: `name ${n % 1000}`, score: n / 8, isActive: n % 3 === 0 },
  );
}

/** What came back, in short: equal for equal lists. */
export function verdict(items: readonly unknown[]): string {
  let sum = 0;
  for (const [i, item] of items.entries()) {
    const n = typeof item === 'number' ? item : scoreOf(item as Row) * 8;
    if (n !== i) return `item ${i} is ${n}`;
    sum += n;
  }
  return `${items.length} items, ${sum}`;
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly score: number;
  readonly isActive: boolean;
}

function scoreOf({ id, name, score, isActive }: Row): number {
  const isRight = name === `name ${id % 1000}` && isActive === (id % 3 === 0);
  return isRight ? score : NaN;
}
