import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LineWriter } from './line-writer.js';
import { randomNumbers } from './random-numbers.js';

/** A prime larger than any number of rows: steps of it visit all of them, in an order far from sorted. */
const STEP = 1_000_000_007;

/**
 * Writes `accounts.jsonl` and `payments.jsonl` of so many lines each; one of ten payments names an account that is not there.
 * Says what the payments to accounts come to, each times the rate of its account.
 */
export function writeAccounts(path: string, rows: number): string {
  const random = randomNumbers(5);
  const below = (end: number): number => Math.floor(random() * end);
  mkdirSync(path);
  const rates = Uint8Array.from({ length: rows }, () => 1 + below(9));
  const accounts = new LineWriter(join(path, 'accounts.jsonl'));
  for (let i = 0; i < rows; i += 1) {
    const account = (i * STEP) % rows;
    accounts.add(
      `{"account":"a${account}","name":"Name ${below(1e6)}","rate":${rates[account]!},"since":2026}`,
    );
  }
  accounts.close();
  let total = 0;
  const payments = new LineWriter(join(path, 'payments.jsonl'));
  for (let id = 0; id < rows; id += 1) {
    const account = below(Math.ceil(rows / 0.9));
    const cents = below(10_000);
    payments.add(`{"id":${id},"account":"a${account}","cents":${cents},"text":"for ${below(1e6)}"}`);
    total += cents * (rates[account] ?? 0);
  }
  payments.close();
  return String(total);
}
