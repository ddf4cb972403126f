import { JobError } from '../errors.js';
import type { Callable } from '../plan/callable.js';
import type { WireCall } from '../plan/compiled-plan.js';
import { callPrint, differenceOf, type CallPrint } from '../plan/function-print.js';
import type { Job } from '../plan/job-call.js';
import { findJob, undefinedJob } from '../plan/job-table.js';
import { decode } from '../values/codec.js';
import { textOfThrown } from '../values/describe-thrown.js';
import type { ImportModule } from './import-module.js';

/**
 * Builds a call of a job in this process, and gives what it hands to verbs, in order.
 *
 * @throws JobError where the module cannot be loaded, or builds another pipeline here.
 */
export async function loadJob(
  call: WireCall,
  { parked, importModule }: { readonly parked: Promise<void>; readonly importModule: ImportModule },
): Promise<readonly Callable[]> {
  if (findJob(call) === undefined) await Promise.race([importModule(call.module), parked]);
  const job = findJob(call);
  if (job === undefined) throw undefinedJob(call);
  checkFile(job, call.print);
  const args = call.arguments.map((given) => ('value' in given ? { value: decode(given.value) } : given));
  try {
    const recorded = job.rebuild(args);
    const difference = differenceOf(callPrint(job, recorded), call.print);
    if (difference === undefined) return recorded.map(({ callable }) => callable);
    throw new JobError(
      `${nameOf(call)} builds differently in the child process (${difference}): its builder must depend on its ` +
        'arguments alone, and its file must not change during a run',
    );
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    throw new JobError(`${nameOf(call)} threw in the child process: ${textOfThrown(cause)}`, { cause });
  }
}

/** What the functions close over counts as much as their texts: a constant of the module, for one. */
function checkFile({ module, text }: Job, { module: hash }: CallPrint): void {
  if (hash === undefined || text.hash === undefined || hash === text.hash) return;
  throw new JobError(
    `${module} has changed since the program loaded it, and is another module in the child process: start the ` +
      'program again',
  );
}

function nameOf({ module, number }: WireCall): string {
  return `Job ${number + 1} of ${module}`;
}
