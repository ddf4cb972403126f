import { SourceError, WorkerCrashError } from '@forkfold/core';
import { toError } from '@forkfold/core/engine';
import type { OriginalPlaces } from '../bundle/original-places.js';
import { EngineError } from '../engine-error.js';
import { failureIn } from '../runner/failure-line.js';
import { EXIT } from '../runner/run-rows.js';
import { decodeFailure } from '../ship/run-failure.js';
import { NO_FILE } from '../sql/runner-command.js';

/** The runner as stacks name it. */
export interface RunnerPlaces {
  readonly name: string;
  readonly places: OriginalPlaces;
}

/** What Spark's error of a query means: what a process of the run has told, or how it has ended. */
export function explain(error: unknown, runner: RunnerPlaces): unknown {
  if (!(error instanceof EngineError)) return error;
  const text = error.chain.join('\n');
  const told = failureIn(text);
  if (told !== undefined) return toldError(told, error, runner);
  return crashOf(text, error) ?? resultTooLarge(text, error) ?? error;
}

function toldError(told: Uint8Array, { applicationId }: EngineError, runner: RunnerPlaces): Error {
  const failure = decodeFailure(told);
  if (failure.kind === 'place') return new EngineError(failure.message, { applicationId });
  const error = toError(failure);
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (typeof at.stack === 'string') at.stack = runner.places.inStack(at.stack, runner.name);
    if (at === at.cause) break;
  }
  return error instanceof SourceError && failure.kind === 'source' ? onExecutor(error) : error;
}

/** A file that this machine has found, and an executor has not, or another one under its path. */
const OTHER_DISK =
  /ENOENT|EACCES|(has vanished|been replaced .*|has shrunk|written anew) since the run began/;

function onExecutor(error: SourceError): SourceError {
  if (!OTHER_DISK.test(`${error.message} ${String(error.cause)}`)) return error;
  const { file, line, byte } = error;
  return new SourceError(
    `${error.message} (on an executor): executors read files from a disk that they share with this program, under one path`,
    {
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      ...(byte !== undefined && { byte }),
    },
    { cause: error.cause },
  );
}

const SIGNALS: Readonly<Record<number, string>> = {
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** A process that died without a word of its own, on every attempt. */
function crashOf(text: string, error: EngineError): WorkerCrashError | undefined {
  const status = Number(/exited with status (\d+)/i.exec(text)?.[1]);
  const isCut = /Broken pipe|Stream closed/.test(text);
  if (Number.isNaN(status) && !isCut) return undefined;
  const attempts = Number(/failed (\d+) times/.exec(text)?.[1] ?? 1);
  const early = /was ended with code (\d+) before its work was done/.exec(text)?.[1];
  const signal = status > 128 ? (SIGNALS[status - 128] ?? null) : null;
  const exitCode = early !== undefined ? Number(early) : Number.isNaN(status) || signal ? null : status;
  return new WorkerCrashError(
    `A process of an executor ${endInWords({ status, signal, early, isCut })}, ${attempts} time${attempts === 1 ? '' : 's'}: ${lastWords(text)}`,
    { attempts, exitCode, signal },
    { cause: error },
  );
}

function endInWords(end: {
  readonly status: number;
  readonly signal: string | null;
  readonly early: string | undefined;
  readonly isCut: boolean;
}): string {
  const { status, signal, early } = end;
  if (early !== undefined) return `was ended with code ${early} by the user's code before its work was done`;
  if (signal === 'SIGKILL') {
    return 'was killed (SIGKILL; mostly for want of memory: raise spark.executor.memoryOverhead, or lower memoryLimit)';
  }
  if (signal !== null) return `was ended by ${signal}`;
  if (status === 127)
    return 'could not be started: install Node.js on the executors, or say where it is ("node")';
  if (status === NO_FILE) return 'did not find the file of its run, which Spark brings there';
  if (status === EXIT.usage) return 'was called with arguments that it does not know';
  if (Number.isNaN(status)) return 'died in the midst of its work';
  return `ended with code ${status}`;
}

/** What it wrote to stderr, as much of it as Spark tells. */
function lastWords(text: string): string {
  const [, words = text] =
    /exited with status \d+\. Error:([\s\S]*)/i.exec(text) ?? /Error:([\s\S]*)/.exec(text) ?? [];
  const [own = ''] = words.split(/\n\s+at /);
  const said = own.trim().replace(/^\.$/, '');
  return said === '' ? 'it said nothing' : said.split('\n').slice(0, 8).join(' | ').slice(0, 500);
}

function resultTooLarge(text: string, error: EngineError): EngineError | undefined {
  // The command line holds all of a result in its own memory.
  if (!/maxResultSize/.test(text) && !/Java heap space/.test(error.message)) return undefined;
  return new EngineError(
    'The result is larger than Spark hands to a program (spark.driver.maxResultSize of the server): write it (writeText, ' +
      `writeJsonLines), reduce it, or raise that setting and the memory of the driver (${error.message.slice(0, 200)})`,
    { applicationId: error.applicationId },
    { cause: error },
  );
}
