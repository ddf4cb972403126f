type Rows = readonly (readonly (string | number)[])[];

export function printTable(header: readonly string[], rows: Rows): void {
  console.log(tableOf(header, rows));
}

/** A table as Markdown, laid out as Prettier does it; the first column is aligned to the left, the others as it is told. */
export function tableOf(header: readonly string[], rows: Rows, align: 'left' | 'right' = 'right'): string {
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const isLeft = (column: number): boolean => column === 0 || align === 'left';
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (isLeft(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (isLeft(i) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [cells[0]!, rule, ...cells.slice(1)].map(line).join('\n');
}
