export default function identity(n: number): number {
  return n;
}

export function tasks(): number[] {
  return [1, 2];
}

export function verdict(results: readonly number[]): string {
  if (results.length !== 2) throw new Error(`${results.length} results`);
  return '';
}
