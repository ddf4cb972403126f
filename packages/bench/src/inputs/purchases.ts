import { verdict } from '../programs/purchases/verdict.js';
import { LineWriter } from './line-writer.js';
import { randomNumbers } from './random-numbers.js';

const USERS = 50_000;
const COUNTRIES = ['AT', 'BR', 'CA', 'DE', 'ES', 'FR', 'IN', 'JP', 'MX', 'NO', 'PL', 'US'];

/** Writes so many lines of JSON of about 110 bytes; four of five were paid. Says what the paid ones of 10.00 and more add up to by user. */
export function writePurchases(path: string, rows: number): string {
  const random = randomNumbers(2);
  const below = (end: number): number => Math.floor(random() * end);
  const sums = new Map<string, number>();
  const file = new LineWriter(path);
  for (let id = 0; id < rows; id += 1) {
    const user = `u${below(USERS).toString().padStart(5, '0')}`;
    const cents = below(20_000);
    const paid = random() < 0.8;
    const country = COUNTRIES[below(COUNTRIES.length)]!;
    const day = String(1 + below(28)).padStart(2, '0');
    file.add(
      `{"id":${1_000_000 + id},"user":"${user}","country":"${country}","cents":${cents},"paid":${paid},"items":${1 + below(9)},"at":"2026-03-${day}T12:30:00Z"}`,
    );
    if (paid && cents >= 1000) sums.set(user, (sums.get(user) ?? 0) + cents);
  }
  file.close();
  return verdict(sums);
}
