import { fileURLToPath } from 'node:url';
import { from, type Dataset, type Plan, type RunOptions } from '@forkfold/core';

interface Jobs {
  readonly wordCount: (lines: Dataset<string>) => Dataset<[string, number]>;
  readonly failing: (lines: Dataset<string>, bad: string) => Dataset<[number, number]>;
  readonly sleeping: (lines: Dataset<string>, mark: string) => Dataset<void>;
  readonly busy: (lines: Dataset<string>, mark: string) => Dataset<void>;
  readonly exiting: (lines: Dataset<string>) => Dataset<never>;
  readonly killed: (lines: Dataset<string>) => Dataset<true>;
  readonly noisy: (lines: Dataset<string>) => Dataset<string>;
}

export const jobFile = fileURLToPath(new URL('fixtures/words.job.mjs', import.meta.url));
export const jobs = (await import(jobFile)) as Jobs;
export const lines = from(['the cat', 'of a cat', 'and the dog', 'bird']);

/** What a run on an engine fails with. */
export function caughtBy(engine: NonNullable<RunOptions['engine']>) {
  return async (plan: Plan<unknown>, options: RunOptions = {}): Promise<any> =>
    plan.run({ engine, ...options }).then(
      (value) => new Error(`it gave ${JSON.stringify(value)}`),
      (error: unknown) => error,
    );
}
