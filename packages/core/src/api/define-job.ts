import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { show } from '../checks/wrong-argument.js';
import { JobError, OptionError } from '../errors.js';
import { recordCall, type JobArgument, type JobCall } from '../plan/job-call.js';
import { addJob } from '../plan/job-table.js';
import { brand } from '../shared-state.js';
import { isDataset } from './dataset.js';
import { from } from './from.js';

/** Where a job keeps its builder. */
const BUILDER: unique symbol = brand('builder') as never;

/**
 * Defines a job: a builder of datasets whose functions may close over, import and call anything.
 *
 * Calling the job runs `build` and records, in order, the functions that it hands to dataset verbs. A child
 * imports the module at `url`, runs the same builder with the same arguments (a dataset argument becomes an
 * empty stand-in) and finds each function by its number. So `build` must be deterministic and synchronous,
 * and what it does besides building happens once in every child.
 *
 * @typeParam F The builder's own type: parameters with defaults keep theirs.
 * @param url `import.meta.url` of the module that defines the job; `__filename` in a module of CommonJS.
 * @param build Takes datasets and serializable values (the broadcast variables), returns a dataset or a plan.
 * @returns A function with the type of `build`. What it throws: a `JobError` for a builder that is asynchronous. A run
 *   rejects with a `JobError` if a child cannot import the module, or builds other functions than the parent did.
 * @throws OptionError if `url` is not a URL or `build` is not a function.
 * @example
 * const stopWords = new Set(['not', 'or']);
 * const words = defineJob(import.meta.url, (lines: Dataset<string>, minLength = 1) =>
 *   lines
 *     .flatMap((line) => line.split(' '))
 *     .filter((word) => word.length >= minLength && !stopWords.has(word)),
 * );
 * await words(from(['to be', 'or not']), 2).toArray().run(); // -> [ 'to', 'be' ]
 */
export function defineJob<F extends (...args: never[]) => unknown>(url: string, build: F): F {
  const module = moduleOf(url);
  if (typeof build !== 'function') {
    throw new OptionError(`Expected "build" of defineJob to be a function, got ${typeof build}`, 'build');
  }
  const job = addJob({
    module,
    build,
    rebuild(args) {
      const call: JobCall = { job, arguments: args, functions: [] };
      buildJob(call, args.map(standIn) as never[]);
      return call.functions;
    },
  });
  const callable = (...args: never[]): unknown =>
    buildJob({ job, arguments: args.map(toArgument), functions: [] }, args);
  return Object.defineProperties(callable, {
    name: { value: build.name || 'job' },
    [BUILDER]: { value: build },
  }) as F;
}

/** The builder of a job, whose text names its parameters; undefined for anything else. */
export function builderOf(job: unknown): ((...args: never[]) => unknown) | undefined {
  if (typeof job !== 'function') return undefined;
  return (job as { [BUILDER]?: (...args: never[]) => unknown })[BUILDER];
}

/** The URL of a module; one of CommonJS is known by its path. */
function moduleOf(url: unknown): string {
  if (typeof url === 'string') {
    // A path of Windows would pass for a URL, too.
    if (isAbsolute(url)) return pathToFileURL(url).href;
    if (URL.canParse(url)) return url;
  }
  throw new OptionError(
    `Expected "url" of defineJob to be import.meta.url, or __filename in a CommonJS module, got ${show(url)}${hintAt(url)}`,
    'url',
  );
}

function hintAt(url: unknown): string {
  if (url === undefined)
    return ': a bundle in CommonJS has no import.meta.url: bundle to ESM, or give __filename';
  const isNoFile = typeof url === 'string' && /^\[.*\]$/.test(url);
  return isNoFile ? ': define the job in a module, which has a file that children can import' : '';
}

function buildJob(call: JobCall, args: never[]): unknown {
  const { module, number, build } = call.job;
  const built = recordCall(call, () => build(...args));
  if (built instanceof Promise) {
    built.catch(() => undefined);
    throw new JobError(
      `Job ${number + 1} of ${module} is asynchronous: a builder must return its dataset at once; await before ` +
        'defineJob, at the top level of the module, and pass the value as an argument',
    );
  }
  return built;
}

function toArgument(given: unknown): JobArgument {
  return isDataset(given) ? { dataset: true } : { value: given };
}

/** What a child's builder gets in place of a dataset: one without records, since only its verbs matter. */
function standIn(argument: JobArgument): unknown {
  return 'value' in argument ? argument.value : from([]);
}
