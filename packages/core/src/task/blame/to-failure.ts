import {
  ForkfoldError,
  JobError,
  SerializationError,
  SourceError,
  type RecordPosition,
} from '../../errors.js';
import { BadKey } from '../../shuffle/keys/bad-key.js';
import { attempt } from '../../values/try-or.js';
import { encodeThrown, preview } from '../../values/error-codec.js';
import { escapeControls } from '../../values/preview.js';
import type { Failure, RunDescription } from '../../protocol/messages.js';
import type { Cursor } from './blame.js';
import { BadLine } from '../../source/readers/json-rows.js';

/** What the parent is told of an error. Never throws, however hostile the error is. */
export function toFailure(
  error: unknown,
  stage: number,
  chunk: number,
  cursor: Cursor,
  run: RunDescription | undefined,
): Failure {
  const known = attempt(
    () => ownFailure(error, stage, chunk, cursor, run),
    // What throws as it is looked at is none of forkfold's.
    () => undefined,
  );
  if (known !== undefined) return known;
  const { batch, i, verb, fn } = cursor;
  const hint = attempt(
    () => run && invisible(error, run.functions[fn]),
    () => undefined,
  );
  return {
    kind: 'task',
    verb: verb || 'read',
    chunk,
    position: positionOf(cursor),
    preview: batch === undefined ? '' : preview(batch.records[i]),
    ...(hint !== undefined && { hint }),
    thrown: encodeThrown(error),
  };
}

/** Of an error that forkfold itself has thrown. */
function ownFailure(
  error: unknown,
  stage: number,
  chunk: number,
  cursor: Cursor,
  run: RunDescription | undefined,
): Failure | undefined {
  const { batch, i, verb } = cursor;
  // Unless a user's function threw it. A file of the run is forkfold's at any moment: it spills, reads back and writes
  // parts while a verb hands over records.
  const ours = verb === '' || error instanceof SerializationError || isOfRun(error, stage, run);
  if (error instanceof ForkfoldError && ours) {
    const kind =
      error instanceof SourceError ? 'source' : error instanceof JobError ? 'job' : 'serialization';
    const isKey = error instanceof BadKey && batch !== undefined;
    const { file, line, byte } = error as Partial<SourceError>;
    const position = isKey
      ? positionOf(cursor)
      : Object.fromEntries(Object.entries({ file, line, byte }).filter(([, value]) => value !== undefined));
    return {
      kind,
      message: error.message,
      position,
      path: error instanceof SerializationError ? error.path : '',
      ...(error.cause !== undefined && { cause: encodeThrown(error.cause) }),
      ...(isKey && { of: { verb, chunk, preview: preview(batch.records[i]) } }),
    };
  }
  if (!(error instanceof BadLine)) return undefined;
  const position = positionOf(cursor);
  const { file, line, byte } = position;
  const place = file === undefined ? 'A line' : `${file}:${line} (byte ${byte})`;
  const what = `${place} is ${error.message} (${preview(batch?.records[i])})`;
  const message = escapeControls(`${what}; mend the line, or leave it out with onError: 'skip'`);
  return { kind: 'source', message, position, path: '', cause: encodeThrown(error.cause) };
}

function positionOf({ batch, i }: Cursor): RecordPosition {
  try {
    return batch?.locate(i) ?? {};
  } catch {
    // The file may be gone by now; the error itself matters more.
    return {};
  }
}

/** Whether an error is about a file of forkfold's own: one that the run writes. */
export function isOfRun(error: unknown, stage: number, run: RunDescription | undefined): boolean {
  if (!(error instanceof SourceError) || error.file === undefined || run === undefined) return false;
  const sink = run.stages[stage]?.sink;
  return error.file.startsWith(run.directory) || (sink?.kind === 'write' && error.file === sink.target);
}

/** What to say of a variable that an inline function closed over. */
function invisible(error: unknown, fn: RunDescription['functions'][number] | undefined): string | undefined {
  // By name: an error of another realm is no instance of this one's class.
  const { name: kind, message } = (error ?? {}) as Partial<Error>;
  if (kind !== 'ReferenceError' || fn === undefined || fn.kind === 'job') return undefined;
  const name = /^(\S+) is not defined$/.exec(message ?? '')?.[1];
  if (name === undefined) return undefined;
  return `\`${name}\` is not visible in the child process: move the pipeline into a job (defineJob)`;
}
