type Rows = readonly (readonly (string | number)[])[];

export function printTable(header: readonly string[], rows: Rows): void {
  console.log(tableOf(header, rows));
}

/** A table as Markdown, laid out as Prettier does it; all columns but the first are aligned to the right. */
export function tableOf(header: readonly string[], rows: Rows): string {
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [cells[0]!, rule, ...cells.slice(1)].map(line).join('\n');
}
