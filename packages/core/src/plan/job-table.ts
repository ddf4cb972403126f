import { versionsInWords } from '../disk/copies.js';
import { JobError } from '../errors.js';
import { shared } from '../shared-state.js';
import type { Job } from './job-call.js';
import { moduleText } from './module-text.js';
import { shortHash } from './short-hash.js';

/** The jobs that a module has defined so far, in order. */
interface Defined {
  readonly jobs: Job[];
  /** A hash of each builder's text. */
  readonly builders: string[];
  /** Up to each job, the longest sequence of builders that the module's begin and end with, short of all of them. */
  readonly borders: number[];
}

const modules = shared('jobs', () => new Map<string, Defined>());

/** Notes a job of a module, and gives it its number among the module's jobs. */
export function addJob({ module, build, rebuild }: Pick<Job, 'module' | 'build' | 'rebuild'>): Job {
  const text = moduleText(module);
  const defined = definedBy(module, text.hash);
  const period = countIn(defined, shortHash(Function.prototype.toString.call(build)));
  const job: Job = { module, number: defined.jobs.length, period, build, text, rebuild };
  defined.jobs.push(job);
  return job;
}

/** What a module has defined so far. One whose file is another now begins anew, as its children will. */
function definedBy(module: string, hash: string | undefined): Defined {
  const before = modules.get(module);
  if (before !== undefined && before.jobs[0]?.text.hash === hash) return before;
  const defined: Defined = { jobs: [], builders: [], borders: [] };
  modules.set(module, defined);
  return defined;
}

/** Notes a builder's text, and gives the period of all of them. The borders are those of Knuth, Morris and Pratt. */
function countIn({ builders, borders }: Defined, builder: string): number {
  let border = borders.at(-1) ?? 0;
  while (border > 0 && builders[border] !== builder) border = borders[border - 1]!;
  if (builders.length > 0 && builders[border] === builder) border += 1;
  borders.push(border);
  return builders.push(builder) - border;
}

/**
 * The job of this process that is job `number` of a module elsewhere; undefined where it is not defined here. A test
 * runner may evaluate a module many times in a process, and its jobs are numbered on then: where that process has more
 * jobs than this one, and their builders repeat, the same ones were defined again.
 */
export function findJob({
  module,
  number,
  period,
}: Pick<Job, 'module' | 'number' | 'period'>): Job | undefined {
  const jobs = modules.get(module)?.jobs ?? [];
  if (number < jobs.length) return jobs[number];
  return jobs.length > 0 && jobs.length % period === 0 ? jobs[number % jobs.length] : undefined;
}

/** The error of a job that its module does not define in this process. */
export function undefinedJob({ module, number }: Pick<Job, 'module' | 'number'>): JobError {
  const versions = versionsInWords();
  return new JobError(
    `Job ${number + 1} of ${module} is not defined in the child process: ${versions || 'define it at the top level of its module, above the first run'}`,
  );
}
