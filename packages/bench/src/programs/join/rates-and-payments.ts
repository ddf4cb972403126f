import { join } from 'node:path';
import { lineBlocks, partOf, type Part } from '../line-blocks.js';
import type { Account, Payment } from './join.job.js';

/** The rates of all accounts. */
export function ratesOf(directory: string): Map<string, number> {
  const rates = new Map<string, number>();
  for (const block of lineBlocks(join(directory, 'accounts.jsonl'), partOf([]))) {
    for (const line of block.split('\n')) {
      const { account, rate } = JSON.parse(line) as Account;
      rates.set(account, rate);
    }
  }
  return rates;
}

/** What the payments of a part of the file come to. */
export function paidIn(directory: string, part: Part, rates: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const block of lineBlocks(join(directory, 'payments.jsonl'), part)) {
    for (const line of block.split('\n')) {
      const { account, cents } = JSON.parse(line) as Payment;
      total += cents * (rates.get(account) ?? 0);
    }
  }
  return total;
}
