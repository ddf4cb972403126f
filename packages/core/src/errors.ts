import { brand } from './shared-state.js';

/**
 * One class per party to blame. Every class has a stable `code`, keeps the `cause`, and has a message
 * that names the remedy. Nothing in forkfold matches on message text.
 */

/** Where a record stands in its source: an index, or a file with line and byte. */
export interface RecordPosition {
  /** Zero-based index of the record in an in-memory source or a range, or in `file` where that has no lines. */
  readonly index?: number;
  /** The file that the record was read from. */
  readonly file?: string;
  /** One-based line in `file`. */
  readonly line?: number;
  /** Zero-based byte offset in `file` (in the decompressed text for a compressed file). */
  readonly byte?: number;
}

/** What every error of forkfold has in common. */
export abstract class ForkfoldError extends Error {
  /** A stable identifier of the kind of failure; it does not change with the wording of messages. */
  abstract readonly code: string;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The caller passed a wrong option or argument. Thrown before any work begins. */
export class OptionError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_OPTION';
  /** The option's name. */
  readonly option: string;

  constructor(message: string, option: string, options?: { cause?: unknown }) {
    super(message, options);
    this.option = option;
  }
}

/**
 * What lies on the disk: an input that cannot be read (a missing path, a glob that matches nothing, a torn archive, bad
 * text), or a temporary file or an output that cannot be written, such as on a full disk.
 */
export class SourceError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_SOURCE';

  constructor(message: string, position: RecordPosition = {}, options?: { cause?: unknown }) {
    super(message, options);
    assign<RecordPosition>(this, position, ['file', 'line', 'byte']);
  }
}

export interface SourceError extends Pick<RecordPosition, 'line' | 'byte'> {
  /** The file, or the path or glob that names none. */
  readonly file?: string;
}

/** A function or a job cannot be brought into the child, or is another one there. */
export class JobError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_JOB';
}

/** What a `TaskError` knows about the record whose function threw. */
export interface TaskErrorDetails extends RecordPosition {
  /** The verb whose function threw, with its part where there are several: `map`, `mapReduce.combine`. */
  readonly verb: string;
  /** Zero-based number of the chunk, `-1` where the parent itself ran the function. */
  readonly chunk: number;
  /** A short rendering of the record, control characters escaped. */
  readonly preview?: string;
}

/** User code threw. `cause` is what was thrown, rebuilt; its `stack` is the child's own. */
export class TaskError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_TASK';

  constructor(message: string, details: TaskErrorDetails, options?: { cause?: unknown }) {
    super(message, options);
    assign(this, details, ['verb', 'chunk', ...position, 'preview']);
  }
}

export interface TaskError extends TaskErrorDetails {}

/** A value cannot cross the process boundary. The message starts with its path: `result[3].handler is a function`. */
export class SerializationError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_SERIALIZATION';
  /** The path to the value, such as `result[3].handler`. */
  readonly path: string;

  constructor(message: string, path: string, options?: { cause?: unknown }) {
    super(message, options);
    this.path = path;
  }
}

/** What a chunk that failed on every attempt is known by; a position and a preview only where one record is to blame. */
export interface AttemptDetails extends RecordPosition {
  /** How often the chunk was tried. */
  readonly attempts: number;
  /** Zero-based number, in its stage, of the chunk that the child worked on; not always the one to blame. */
  readonly chunk?: number;
  /** A short rendering of the record, control characters escaped. */
  readonly preview?: string;
}

/** How a child died. */
export interface CrashDetails extends AttemptDetails {
  /** The child's exit code; null if a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`, or null. */
  readonly signal: string | null;
}

/** A child died, and died again on every retry. Names the record where one kills its child all alone. */
export class WorkerCrashError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_WORKER_CRASH';

  constructor(message: string, details: CrashDetails, options?: { cause?: unknown }) {
    super(message, options);
    assign(this, details, ['attempts', 'chunk', ...position, 'preview', 'exitCode', 'signal']);
  }
}

export interface WorkerCrashError extends CrashDetails {}

/** A chunk ran longer than `timeout`, on every attempt. Its child was killed by SIGKILL. */
export class TaskTimeoutError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_TASK_TIMEOUT';

  constructor(message: string, details: AttemptDetails & { timeout: number }) {
    super(message);
    assign(this, details, ['attempts', 'chunk', ...position, 'preview', 'timeout']);
  }
}

export interface TaskTimeoutError extends AttemptDetails {
  /** The limit, in milliseconds. */
  readonly timeout: number;
}

/** `reduce(op)` met no record at all. Give an identity: `reduce(op, identity)`. */
export class EmptyReduceError extends ForkfoldError {
  readonly code = 'ERR_FORKFOLD_EMPTY_REDUCE';

  constructor() {
    super('reduce of an empty dataset has no value: give an identity, as in reduce(op, identity)');
  }
}

const position = ['index', 'file', 'line', 'byte'] as const;

/** Gives an error these fields of its details and no others; one that is not known is there, and undefined. */
function assign<D extends object>(error: D, details: D, names: readonly (keyof D)[]): void {
  for (const name of names) error[name] = details[name];
}

const ERROR = brand('error');
Object.defineProperty(ForkfoldError.prototype, ERROR, { value: true });

const codes = new Map<unknown, string | undefined>([
  [ForkfoldError, undefined],
  [OptionError, 'ERR_FORKFOLD_OPTION'],
  [SourceError, 'ERR_FORKFOLD_SOURCE'],
  [JobError, 'ERR_FORKFOLD_JOB'],
  [TaskError, 'ERR_FORKFOLD_TASK'],
  [SerializationError, 'ERR_FORKFOLD_SERIALIZATION'],
  [WorkerCrashError, 'ERR_FORKFOLD_WORKER_CRASH'],
  [TaskTimeoutError, 'ERR_FORKFOLD_TASK_TIMEOUT'],
  [EmptyReduceError, 'ERR_FORKFOLD_EMPTY_REDUCE'],
]);

const isInstance = Function.prototype[Symbol.hasInstance];

// The error of a run may be of another copy than the class that it is compared with, and `instanceof` is to hold: a loader
// that compiles to CommonJS makes two of this module. Subclasses of users have no code of their own.
Object.defineProperty(ForkfoldError, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    if (isInstance.call(this as never, value)) return true;
    if (!codes.has(this) || typeof value !== 'object' || value === null || !(ERROR in value)) return false;
    const code = codes.get(this);
    return code === undefined || (value as { code?: unknown }).code === code;
  },
});
