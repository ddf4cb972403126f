import { JobError, OptionError } from '../errors.js';
import { recordCall, type JobCall } from '../plan/job-call.js';

type Build = (...args: never[]) => unknown;

/** The jobs that each module has defined so far, in order. The one global registry of forkfold. */
const jobs = new Map<string, Build[]>();

/**
 * Defines a job: a builder of datasets whose functions may close over, import and call anything.
 *
 * Calling the job runs `build` and records, in order, the functions that it hands to dataset verbs. A child
 * imports the module at `url`, runs the same builder with the same arguments (a dataset argument becomes an
 * empty stand-in) and finds each function by its number. So `build` must be deterministic and synchronous,
 * and what it does besides building happens once in every child.
 *
 * @typeParam F The builder's own type: parameters with defaults keep theirs.
 * @param url `import.meta.url` of the module that defines the job.
 * @param build Takes datasets and serializable values (the broadcast variables), returns a dataset or a plan.
 * @returns A function with the type of `build`. What it throws: a `JobError` for a builder that is asynchronous. A run
 *   rejects with a `JobError` if a child cannot import the module, or builds other functions than the parent did.
 * @throws OptionError if `url` is not a URL or `build` is not a function.
 * @example
 * export const longWords = defineJob(import.meta.url, (lines: Dataset<string>, minLength = 5) =>
 *   lines.flatMap(words).filter((word) => word.length >= minLength));
 */
export function defineJob<F extends (...args: never[]) => unknown>(url: string, build: F): F {
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new OptionError(`Expected "url" of defineJob to be import.meta.url, got ${typeof url}`, 'url');
  }
  if (typeof build !== 'function') {
    throw new OptionError(`Expected "build" of defineJob to be a function, got ${typeof build}`, 'build');
  }
  const defined = jobs.get(url) ?? [];
  jobs.set(url, defined);
  const job = defined.push(build) - 1;
  const callable = (...args: never[]): unknown =>
    buildJob({ module: url, job, arguments: args, functions: [] }, build, args);
  return Object.defineProperty(callable, 'name', { value: build.name || 'job' }) as F;
}

/** Runs a job's builder again, in the process of a child, and returns the functions it hands to verbs. */
export function rebuildJob(call: JobCall): JobCall {
  const build = jobs.get(call.module)?.[call.job];
  if (build === undefined) {
    throw new JobError(
      `Job ${call.job + 1} of ${call.module} is not defined in the child process: define it at the top level of ` +
        'its module, above the first run',
    );
  }
  buildJob(call, build, call.arguments as never[]);
  return call;
}

/** Whether this process has evaluated a job's definition already. */
export function isDefined(module: string, job: number): boolean {
  return jobs.get(module)?.[job] !== undefined;
}

function buildJob(call: JobCall, build: Build, args: never[]): unknown {
  const built = recordCall(call, () => build(...args));
  if (built instanceof Promise) {
    built.catch(() => undefined);
    throw new JobError(
      `Job ${call.job + 1} of ${call.module} is asynchronous: a builder must return its dataset at once; await before ` +
        'defineJob, at the top level of the module, and pass the value as an argument',
    );
  }
  return built;
}
