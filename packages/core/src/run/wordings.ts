import { JobError, OptionError, TaskTimeoutError, WorkerCrashError } from '../errors.js';
import type { Settings } from '../options/settings.js';
import type { ChildDeath } from '../pool/pool.js';
import type { TaskMessage } from '../protocol/task-message.js';
import { preview } from '../values/preview.js';
import type { Ending } from './ending.js';
import { placeOf } from './place-in-words.js';
import type { PoisonRecord } from './poison.js';

/** A task that failed on every attempt, and the record that is to blame, where one is. */
export interface FailedTask {
  readonly task: TaskMessage;
  readonly ending: Ending;
  readonly attempts: number;
  readonly poison: PoisonRecord | undefined;
  /** What V8 said when it gave up, where it did. */
  readonly fatal?: string | undefined;
}

/** The error of a task that failed on every attempt, naming the record where one is to blame. */
export function lastError(
  { task: { chunks, fold }, ending: outcome, attempts, poison, fatal }: FailedTask,
  { timeout = 0, memoryLimit }: Settings,
): Error {
  const chunk = poison?.chunk ?? chunks[0]?.number ?? fold?.before ?? 0;
  const { record: _, ...found } = poison ?? {};
  const details = { ...found, chunk, attempts };
  const of = poison?.preview ? `: ${poison.preview}` : '';
  const what = fold ? `the fold of the results from chunk ${chunk} on` : `chunk ${chunk}`;
  const place = poison ? placeOf(poison) : '';
  const record = `(chunk ${chunk}${place}${of})`;
  if (outcome.kind === 'timeout') {
    const each = `ran longer than ${timeout} ms on each of ${attempts} attempts`;
    const text = poison
      ? `A record ${each}, and again all alone ${record}: raise timeout, or leave it out with onError: 'skip'`
      : `${what.replace(/^./, (first) => first.toUpperCase())} ${each}: raise timeout or make chunks smaller`;
    return new TaskTimeoutError(text, { ...details, timeout });
  }
  const hint = hintOf(outcome, fatal, memoryLimit);
  const late = outcome.late ? `; outside the task it met ${preview(outcome.late.error)}` : '';
  const died = `died with ${endOf(outcome)}${attempts === 1 ? '' : ` on each of ${attempts} attempts`}`;
  const text = poison
    ? `A record kills its child process, even all alone ${record}: it ${died}${hint}${late}; ` +
      "mend it, or leave it out with onError: 'skip'"
    : `The child process ${died} while it worked on ${what}${hint}${late}` +
      // A timer or a promise outlives its task, and nothing tells whose it was.
      (late && ', which an earlier chunk may have left behind');
  return new WorkerCrashError(
    text,
    { ...details, exitCode: outcome.exitCode, signal: outcome.signal },
    outcome.late && { cause: outcome.late.error },
  );
}

/** What may have ended the child, as far as anybody knows, and what to do then. */
function hintOf({ exitCode, signal }: ChildDeath, fatal: string | undefined, memoryLimit = 0): string {
  if (fatal !== undefined && /out of memory|allocation failed/i.test(fatal)) {
    const limit = memoryLimit === 0 ? '' : ` (the limit is ${memoryLimit} MB)`;
    return `: out of memory${limit}: raise memoryLimit or lower chunkBytes or chunkSize; V8 said "${fatal}"`;
  }
  if (fatal !== undefined) return `: V8 gave up, and said "${fatal}"`;
  if (signal === 'SIGKILL') {
    return ': killed from outside, probably by the system for want of memory: lower chunkBytes or processes';
  }
  if (signal === 'SIGABRT' || signal === 'SIGTRAP' || exitCode === 134) {
    return ': aborted, by process.abort(), by native code or by V8, whose last words are on stderr; if they speak of memory, raise memoryLimit';
  }
  return '';
}

/** The error of children that the system cannot start. */
export function tooLargeError(cause: unknown): OptionError {
  const text = 'The environment and the flags of the children are larger than the system takes';
  return new OptionError(`${text}: give large values to a job as arguments, or in a file`, 'env', { cause });
}

/** The error of a child that does not start, or dies of the modules that it loads; `words` are its own. */
export function bootError(outcome: ChildDeath, words: string, attempts: number): Error {
  const { phase, exitCode, signal, late, deadline } = outcome;
  const why = words || (late ? preview(late.error, 2000) : '');
  const when = phase === 'boot' ? 'started' : "loaded the modules of the run's jobs";
  const what =
    deadline === undefined
      ? `died while it ${when}, with ${endOf(outcome)}${attempts === 1 ? '' : `, ${attempts} times in a row`}`
      : `did not start within ${deadline / 1000} s, and was killed`;
  const text = `The child process ${what}${why && `: ${why}`}`;
  return new WorkerCrashError(text, { exitCode, signal, attempts }, late && { cause: late.error });
}

function endOf({ exitCode, signal }: ChildDeath): string {
  return signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
}

/** The error of a run whose modules a child has not loaded in time. */
export function loadError(modules: readonly string[], deadline: number): JobError {
  return new JobError(
    `${modules.join(', ')} did not finish loading within ${deadline / 1000} s in the child process: does its top level ` +
      'await what never settles, or does that or a function given to defineJob loop for ever?',
  );
}
