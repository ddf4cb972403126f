import type { BenchOptions } from './bench-options.js';
import { compare, medianOf, type Comparison } from './measure/compare.js';
import { nodeProgram } from './measure/program.js';
import { printTable } from './measure/table.js';

const figures = [
  ['200 MB to a child and back, one at a time', 'megabytes'],
  ['a million numbers to a child, counted', 'numbers'],
  ['a million { x } to a child, counted', 'objects'],
  ['100,000! by reduce, with processes: 0', 'balanced'],
  ['100,000!, multiplied one by one', 'one by one'],
] as const;

/** The figures of docs/performance.md that no other bench prints. */
export async function guide({ short, rounds }: BenchOptions): Promise<void> {
  const found: Comparison[] = [];
  for (const [title, name] of figures) {
    found.push(...(await compare([nodeProgram(title, 'guide', [name])], short ? 1 : (rounds ?? 3))));
  }
  printTable(
    ['', 's', 'CPU s'],
    found.map((comparison) => [
      comparison.name,
      medianOf(comparison, 'seconds').toFixed(2),
      medianOf(comparison, 'cpu').toFixed(2),
    ]),
  );
}
