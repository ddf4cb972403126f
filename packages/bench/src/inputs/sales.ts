import { verdict } from '../programs/sales/verdict.js';
import { LineWriter } from './line-writer.js';
import { randomNumbers } from './random-numbers.js';

const WORDS = ['late', 'the "blue" one', 'two, please', 'gift', 'as last time', 'call first', 'none', 'x'];

/** Writes rows of CSV of 20 columns and about 200 bytes, some texts in quotes. Says what the amounts add up to by shop. */
export function writeSales(path: string, rows: number): string {
  const random = randomNumbers(5);
  const below = (end: number): number => Math.floor(random() * end);
  const sums = new Map<string, number>();
  const file = new LineWriter(path);
  file.add('id,shop,day,amount,note,' + Array.from({ length: 15 }, (_, i) => `c${i}`).join(','));
  for (let id = 0; id < rows; id += 1) {
    const shop = `shop ${below(2000)}`;
    const cents = below(100_000);
    const note = WORDS[below(WORDS.length)]!;
    const more = Array.from({ length: 15 }, (_, i) =>
      i % 3 === 0 ? below(1e6) : i % 3 === 1 ? `value ${below(99)}` : below(1e4) / 8,
    );
    const quoted = /[",]/.test(note) ? `"${note.replaceAll('"', '""')}"` : note;
    file.add(
      `${id},${shop},2026-03-${String(1 + below(28)).padStart(2, '0')},${cents / 100},${quoted},${more.join(',')}`,
    );
    sums.set(shop, (sums.get(shop) ?? 0) + cents);
  }
  file.close();
  return verdict([...sums].map(([shop, cents]) => [shop, cents / 100]));
}
