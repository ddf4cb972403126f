const CHUNK = 1000;

export default function mapped(numbers: readonly number[]): number[] {
  return numbers.map((n) => 2 * n + 1);
}

function* integers(count: number): Generator<number> {
  for (let n = 0; n < count; n += 1) yield n;
}

export function* tasks(count: string): Generator<number[]> {
  let chunk: number[] = [];
  for (const n of integers(Number(count))) {
    chunk.push(n);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

export function verdict(parts: readonly number[][]): string {
  let [sum, previous] = [0, 0];
  for (const part of parts) {
    for (const n of part) {
      if (n < previous) throw new Error(`${n} comes after ${previous}`);
      previous = n;
      sum += n;
    }
  }
  return String(sum);
}
