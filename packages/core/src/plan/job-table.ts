import { JobError } from '../errors.js';
import type { Callable } from './callable.js';
import type { JobArgument } from './job-call.js';

/** Builds a job again for its arguments, and gives the functions that it hands to verbs, in order. */
export type RebuildJob = (args: readonly JobArgument[]) => readonly Callable[];

/** The jobs that each module has defined so far, in order. */
const jobs = new Map<string, RebuildJob[]>();

/** Notes a job of a module; gives its number among the module's jobs. */
export function addJob(module: string, rebuild: RebuildJob): number {
  const defined = jobs.get(module) ?? [];
  jobs.set(module, defined);
  return defined.push(rebuild) - 1;
}

/** Whether this process has evaluated a job's definition already. */
export function isDefined(module: string, job: number): boolean {
  return jobs.get(module)?.[job] !== undefined;
}

/** Builds a job in the process of a child. @throws JobError where its module does not define it. */
export function rebuildJob(module: string, job: number, args: readonly JobArgument[]): readonly Callable[] {
  const rebuild = jobs.get(module)?.[job];
  if (rebuild !== undefined) return rebuild(args);
  throw new JobError(
    `Job ${job + 1} of ${module} is not defined in the child process: define it at the top level of ` +
      'its module, above the first run',
  );
}
