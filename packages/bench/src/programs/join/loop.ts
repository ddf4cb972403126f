import { join } from 'node:path';
import { timed } from '../../measure/report.js';
import { lineBlocks, partOf } from '../line-blocks.js';
import type { Account, Payment } from './join.job.js';

const [, , directory = ''] = process.argv;

await timed(() => {
  const rates = new Map<string, number>();
  for (const block of lineBlocks(join(directory, 'accounts.jsonl'), partOf([]))) {
    for (const line of block.split('\n')) {
      const { account, rate } = JSON.parse(line) as Account;
      rates.set(account, rate);
    }
  }
  let total = 0;
  for (const block of lineBlocks(join(directory, 'payments.jsonl'), partOf([]))) {
    for (const line of block.split('\n')) {
      const { account, cents } = JSON.parse(line) as Payment;
      total += cents * (rates.get(account) ?? 0);
    }
  }
  return total;
});
