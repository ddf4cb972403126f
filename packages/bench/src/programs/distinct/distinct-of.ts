import { lineBlocks, type Part } from '../line-blocks.js';

/** The different lines of a part of a file. */
export function distinctOf(path: string, part: Part): Set<string> {
  const lines = new Set<string>();
  for (const block of lineBlocks(path, part)) for (const line of block.split('\n')) lines.add(line);
  return lines;
}

/** What was found, in short. */
export function verdictOf(lines: ReadonlySet<string>): string {
  let letters = 0;
  for (const line of lines) letters += line.length;
  return `${lines.size} lines, ${letters} letters`;
}
