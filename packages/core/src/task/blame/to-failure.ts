import {
  ForkfoldError,
  JobError,
  SerializationError,
  SourceError,
  type RecordPosition,
} from '../../errors.js';
import type { CompiledPlan, WireFunction } from '../../plan/compiled-plan.js';
import { writtenName } from '../../plan/instrumented.js';
import type { Failure } from '../../protocol/failure.js';
import { BadKey } from '../../shuffle/keys/bad-key.js';
import { BadRecord } from '../../source/bad-record.js';
import { encodeThrown } from '../../values/error-codec.js';
import { escapeControls, preview } from '../../values/preview.js';
import { tryOr } from '../../values/try-or.js';
import type { Blame } from './blame.js';

/** What it takes to tell whose fault an error is. */
export interface Suspects {
  readonly blame: Blame;
  readonly functions: CompiledPlan['functions'];
  /** Whether a file is one that the run itself writes. */
  isOfRun(file: string): boolean;
}

/** What the parent is told of an error. Never throws, however hostile the error is. */
export function toFailure(error: unknown, suspects: Suspects): Failure {
  const { blame, functions } = suspects;
  const known = tryOr(
    () => ownFailure(error, suspects),
    // What throws as it is looked at is none of forkfold's.
    () => undefined,
  );
  if (known !== undefined) return known;
  const hint = tryOr(
    () => invisible(error, functions[blame.fn]),
    () => undefined,
  );
  return {
    kind: 'task',
    verb: blame.verb || 'read',
    chunk: blame.chunk,
    position: blame.position(),
    preview: blame.batch === undefined ? '' : preview(blame.read),
    ...(hint !== undefined && { hint }),
    thrown: encodeThrown(error),
  };
}

/** The failure of an error that forkfold itself has thrown. */
function ownFailure(error: unknown, suspects: Suspects): Failure | undefined {
  const { blame } = suspects;
  if (error instanceof BadRecord) return badRecord(error, blame);
  if (!(error instanceof ForkfoldError)) return undefined;
  // A user's function may throw one, too. A file of the run is forkfold's at any moment: it spills, reads back and
  // writes parts while a verb hands over records.
  const isOurs = blame.verb === '' || error instanceof SerializationError || isAboutRun(error, suspects);
  if (!isOurs) return undefined;
  const kind = error instanceof SourceError ? 'source' : error instanceof JobError ? 'job' : 'serialization';
  const isKey = error instanceof BadKey && blame.batch !== undefined;
  const { file, line, byte } = error as Partial<SourceError>;
  const position = isKey
    ? blame.position()
    : Object.fromEntries(Object.entries({ file, line, byte }).filter(([, value]) => value !== undefined));
  return {
    kind,
    message: error.message,
    position,
    path: error instanceof SerializationError ? error.path : '',
    ...(error.cause !== undefined && { cause: encodeThrown(error.cause) }),
    ...(isKey && { of: { verb: blame.verb, chunk: blame.chunk, preview: preview(blame.read) } }),
  };
}

function badRecord(error: BadRecord, blame: Blame): Failure {
  const position = blame.position();
  const [place, it] = suspect(position);
  const what = `${place} is ${error.message} (${preview(blame.read)})`;
  const message = escapeControls(`${what}; mend ${it}, or leave it out with onError: 'skip'`);
  return { kind: 'source', message, position, path: '', cause: encodeThrown(error.cause) };
}

/** Where something is no record, in words, and what it is there: a file of no lines has records. */
function suspect({ file, line, byte, index }: RecordPosition): readonly [place: string, it: string] {
  if (file === undefined) return ['A line', 'the line'];
  if (index !== undefined) return [`Record ${index} of ${file}`, 'the record'];
  return [`${file}:${line} (byte ${byte})`, 'the line'];
}

/** Whether an error is about a file that the run itself writes. */
export function isAboutRun(error: unknown, { isOfRun }: Suspects): boolean {
  return error instanceof SourceError && error.file !== undefined && isOfRun(error.file);
}

/** What to say of a variable that an inline function closed over. */
function invisible(error: unknown, fn: WireFunction | undefined): string | undefined {
  // The class does not tell: an error of another realm is no instance of this one's.
  const { name: kind, message } = (error ?? {}) as Partial<Error>;
  if (kind !== 'ReferenceError' || fn === undefined || fn.kind === 'job') return undefined;
  const name = /^(\S+) is not defined$/.exec(message ?? '')?.[1];
  if (name === undefined) return undefined;
  const written = textsOf(fn)
    .map((text) => writtenName(name, text))
    .find((found) => found !== undefined);
  const what = written === undefined ? `\`${name}\`` : `\`${written}\` (which a transform calls \`${name}\`)`;
  return `${what} is not visible in the child process: move the pipeline into a job (defineJob)`;
}

function textsOf(fn: WireFunction): string[] {
  if (fn.kind === 'inline') return [fn.text.source];
  return fn.kind === 'inline-aggregator' ? Object.values(fn.methods).map(({ source }) => source) : [];
}
