import { defineJob, type Dataset } from '@forkfold/core';

export interface Purchase {
  readonly user: string;
  readonly cents: number;
  readonly paid: boolean;
}

/** What each user has paid in purchases of 10.00 and more. */
export const paidByUser = defineJob(import.meta.url, (purchases: Dataset<Purchase>) =>
  purchases
    .filter(({ paid, cents }) => paid && cents >= 1000)
    .map(({ user, cents }): [string, number] => [user, cents])
    .reduceByKey((a, b) => a + b)
    .toMap(),
);
