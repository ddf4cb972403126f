import { defineJob, type Dataset } from '@forkfold/core';

export interface Account {
  readonly account: string;
  readonly rate: number;
}

export interface Payment {
  readonly account: string;
  readonly cents: number;
}

/** What the payments to accounts come to, each times the rate of its account. */
export const totalOf = defineJob(import.meta.url, (payments: Dataset<Payment>, accounts: Dataset<Account>) =>
  payments
    .map(({ account, cents }): [string, number] => [account, cents])
    .join(accounts.map(({ account, rate }): [string, number] => [account, rate]))
    .map(([, [cents, rate]]) => cents * rate)
    .reduce((a, b) => a + b, 0),
);
