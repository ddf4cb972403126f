import { JobError, OptionError } from '../errors.js';
import { recordCall, type JobArgument, type JobCall } from '../plan/job-call.js';
import { addJob } from '../plan/job-table.js';
import { Dataset } from './dataset.js';
import { from } from './from.js';

type Build = (...args: never[]) => unknown;

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
  const job = addJob(url, (args) => {
    const call: JobCall = { module: url, job, arguments: args, functions: [] };
    buildJob(call, build, args.map(standIn) as never[]);
    return call.functions;
  });
  const callable = (...args: never[]): unknown => {
    const call: JobCall = { module: url, job, arguments: args.map(toArgument), functions: [] };
    return buildJob(call, build, args);
  };
  return Object.defineProperty(callable, 'name', { value: build.name || 'job' }) as F;
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

function toArgument(given: unknown): JobArgument {
  return given instanceof Dataset ? { dataset: true } : { value: given };
}

/** What a child's builder gets in place of a dataset: one without records, since only its verbs matter. */
function standIn(argument: JobArgument): unknown {
  return 'value' in argument ? argument.value : from([]);
}
