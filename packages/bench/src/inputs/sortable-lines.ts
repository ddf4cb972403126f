import { createHash } from 'node:crypto';
import { LineWriter } from './line-writer.js';
import { randomNumbers } from './random-numbers.js';

/** Writes different lines of about 17 bytes in random order. Says the digest of the sorted file. */
export function writeSortableLines(path: string, lines: number): string {
  const order = Uint32Array.from({ length: lines }, (_, i) => i);
  const random = randomNumbers(3);
  for (let i = lines - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const file = new LineWriter(path);
  for (const rank of order) file.add(lineOf(rank, lines));
  file.close();
  const digest = createHash('sha256');
  let block = '';
  for (let rank = 0; rank < lines; rank += 1) {
    block += `${lineOf(rank, lines)}\n`;
    if (block.length < 2 ** 20) continue;
    digest.update(block);
    block = '';
  }
  return digest.update(block).digest('hex');
}

/** The line that comes at a rank when all are sorted: it begins with a number that grows with the rank, by steps that differ. */
function lineOf(rank: number, lines: number): string {
  const hash = Math.imul(rank + 1, 2_654_435_761) >>> 0;
  const position = Math.floor(((rank + hash / 2 ** 32) / lines) * 36 ** 9);
  return `${position.toString(36).padStart(9, '0')} ${hash % 10 ** (4 + (rank % 6))}`;
}
