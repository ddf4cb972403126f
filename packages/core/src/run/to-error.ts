import {
  JobError,
  SerializationError,
  SourceError,
  TaskError,
  TaskTimeoutError,
  WorkerCrashError,
  type RecordPosition,
} from '../errors.js';
import type { Settings } from '../options/run-options.js';
import type { Outcome, Pool } from '../pool/pool.js';
import { decodeThrown, preview, type EncodedThrown } from '../values/error-codec.js';
import type { Failure, TaskMessage } from '../protocol/messages.js';
import { escapeControls } from '../values/preview.js';
import type { PoisonRecord } from './poison.js';

type Death = Extract<Outcome, { kind: 'died' }>;

/** How an attempt ended that gave no reply. */
export type Ending = Death | { readonly kind: 'timeout' };

/** The error of a task that failed on every attempt, naming the record where one is to blame. */
export function lastError(
  outcome: Ending,
  attempts: number,
  { chunks, fold }: TaskMessage,
  { timeout = 0, memoryLimit }: Settings,
  poison: PoisonRecord | undefined,
): Error {
  const chunk = poison?.chunk ?? chunks[0]?.number ?? fold?.before ?? 0;
  const details = { ...poison, chunk, attempts };
  const of = poison?.preview ? `: ${poison.preview}` : '';
  const what = fold ? `the fold of the results from chunk ${chunk} on` : `chunk ${chunk}`;
  const record = `(chunk ${chunk}${poison ? place(poison) : ''}${of})`;
  if (outcome.kind === 'timeout') {
    const each = `ran longer than ${timeout} ms on each of ${attempts} attempts`;
    const text = poison
      ? `A record ${each}, and again all alone ${record}: raise timeout, or leave it out with onError: 'skip'`
      : `${what.replace(/^./, (first) => first.toUpperCase())} ${each}: raise timeout or make chunks smaller`;
    return new TaskTimeoutError(text, { ...details, timeout });
  }
  const limit = memoryLimit === undefined ? '' : ` (the limit is ${memoryLimit} MB)`;
  const hint =
    outcome.signal === 'SIGKILL'
      ? ': killed by the system, probably out of memory: lower chunkBytes or raise memoryLimit'
      : outcome.signal === 'SIGABRT' || outcome.signal === 'SIGTRAP' || outcome.exitCode === 134
        ? `: aborted, probably out of memory${limit}: raise memoryLimit or lower chunkBytes or chunkSize`
        : '';
  const late = outcome.late ? `; outside the task it met ${preview(outcome.late.error)}` : '';
  const died = `died with ${ending(outcome)}${attempts === 1 ? '' : ` on each of ${attempts} attempts`}`;
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

/** The error of a child that does not start, or dies of the modules that it loads, in the child's own words. */
export async function bootError(outcome: Death, pool: Pool, attempts: number): Promise<Error> {
  const { phase, exitCode, signal, late, deadline } = outcome;
  // A child that takes too long says nothing.
  const words = phase === 'boot' && deadline === undefined ? await pool.diagnose() : '';
  const why = words || (late ? preview(late.error, 2000) : '');
  const when = phase === 'boot' ? 'started' : "loaded the modules of the run's jobs";
  const what =
    deadline === undefined
      ? `died while it ${when}, with ${ending(outcome)}, ${attempts} times in a row`
      : `did not start within ${deadline / 1000} s, and was killed`;
  const text = `The child process ${what}${why && `: ${why}`}`;
  return new WorkerCrashError(text, { exitCode, signal, attempts }, late && { cause: late.error });
}

function ending({ exitCode, signal }: Death): string {
  return signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
}

/** The error that a child's reply describes. */
export function toError(failure: Failure): Error {
  switch (failure.kind) {
    case 'source':
      return new SourceError(escapeControls(failure.message), failure.position, causeOf(failure));
    case 'job':
      return new JobError(failure.message, causeOf(failure));
    case 'serialization':
      return new SerializationError(ofRecord(failure), failure.path, causeOf(failure));
    case 'task': {
      const { verb, chunk, position, hint, thrown } = failure;
      const cause = decodeThrown(thrown);
      // On one line and without what a terminal would obey: a message often quotes the record. The cause keeps it as it was.
      const what =
        cause instanceof Error
          ? escapeControls(`${cause.name.slice(0, 200)}: ${(hint ?? cause.message).slice(0, 1000)}`)
          : preview(cause);
      const of = failure.preview === '' ? '' : `: ${failure.preview}`;
      const where = chunk < 0 ? 'in the parent process' : `chunk ${chunk}${place(position)}`;
      const message = `${verb} threw ${what} (${where}${of})`;
      const error = new TaskError(message, { verb, chunk, preview: failure.preview, ...position }, { cause });
      // The child's frames tell where; the parent's own lead into forkfold only.
      if (cause instanceof Error && typeof cause.stack === 'string') {
        error.stack = `${error.name}: ${message}\n${cause.stack
          .split('\n')
          .filter((text) => /^\s+at /.test(text))
          .map(escapeControls)
          .join('\n')}`;
      }
      return error;
    }
  }
}

function causeOf({ cause }: { cause?: EncodedThrown }): { cause?: unknown } {
  return cause === undefined ? {} : { cause: decodeThrown(cause) };
}

/** The message about a value that cannot cross; of a key it says whose it is. */
function ofRecord({ message, position, of }: Exclude<Failure, { kind: 'task' }>): string {
  return of ? `${message} (${of.verb}, chunk ${of.chunk}${place(position)}: ${of.preview})` : message;
}

/** Where a record stands, in words; a name of a file may be any text, and the end of a long path says most. */
function place({ file, line, byte, index }: RecordPosition): string {
  if (file === undefined) return index === undefined ? '' : ` at record ${index}`;
  const name = file.length > 300 ? `…${file.slice(-299)}` : file;
  return ` at ${escapeControls(name)}:${line ?? `byte ${byte}`}`;
}
