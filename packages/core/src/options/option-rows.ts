import type * as Zod from 'zod/v3';
import { isRecord } from '../checks/is-record.js';
import type { RunOptions } from './run-options.js';
import type { Settings } from './settings.js';

export type Schema = { safeParse(value: unknown): { success: boolean } };

/** All that is known of an option: its check, its messages, its line in a table and a command line are made of this. */
export interface OptionRow {
  /** What a value must be, for messages. */
  readonly rule: string;
  /** What it does, in a line. */
  readonly doc: string;
  /** What holds where it is not given, in words. */
  readonly otherwise: string;
  /** What other libraries call it, in lower case. */
  readonly elsewhere?: readonly string[];
  /** Whether users do not see it. */
  readonly isInternal?: boolean;
  /** The check. */
  readonly schema: (z: typeof Zod.z) => Schema;
  /** Whether a value plainly passes that check: a run whose options do need not load zod, which takes a tenth of a short one. */
  readonly isPlain?: (value: unknown) => boolean;
  /** Reads what a command line gives; undefined where a command line cannot give it. */
  readonly fromText?: (text: string) => unknown;
  /** What stands for its value in the help of a command line; without one it is a switch, true where it is named. */
  readonly textForm?: string;
}

/** Options that users do not see. */
type InternalOption = Exclude<keyof Settings, keyof RunOptions>;

const MANY = Number.MAX_SAFE_INTEGER;

type FromText = Pick<OptionRow, 'rule' | 'schema' | 'isPlain' | 'fromText' | 'textForm'>;

const integer = (from: number, to: number): FromText => ({
  rule: `an integer ${to === MANY ? `of at least ${from}` : `from ${from} to ${to}`}`,
  schema: (z) => z.number().int().min(from).max(to),
  isPlain: (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
  fromText: toNumber,
  textForm: 'N',
});

/** A text that is no number is left as it is, so that a message quotes it; an empty one would else be 0. */
function toNumber(text: string): unknown {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

/** A zero ends a text for the system, which refuses it. */
const hasNoZero = (text: string): boolean => !text.includes('\0');

const aPath: FromText = {
  rule: 'a path',
  schema: (z) => z.string().min(1).refine(hasNoZero),
  isPlain: (value) => typeof value === 'string' && value !== '' && hasNoZero(value),
  fromText: (text) => text,
  textForm: 'PATH',
};

const aBoolean: FromText = {
  rule: 'a boolean',
  schema: (z) => z.boolean(),
  isPlain: (value) => typeof value === 'boolean',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

/** A check by a function alone. */
function checkedBy(holds: (value: unknown) => boolean): Pick<OptionRow, 'schema' | 'isPlain'> {
  return { schema: (z) => z.custom(holds), isPlain: holds };
}

/** The options of `run` and `stream`, in the order in which messages name them. */
export const optionRows: Readonly<Record<keyof RunOptions | InternalOption, OptionRow>> = {
  processes: {
    elsewhere: [
      'workers',
      'threads',
      'concurrency',
      'parallelism',
      'parallel',
      'jobs',
      'cpus',
      'cores',
      'maxworkers',
      'numworkers',
      'workercount',
      'maxthreads',
      'poolsize',
      'children',
      'forks',
      'nproc',
      'n_jobs',
    ],
    ...integer(0, 1024),
    doc: 'child processes; 0 runs in this process',
    otherwise: 'os.availableParallelism()',
  },
  chunkSize: {
    elsewhere: ['batchsize', 'batch', 'chunk'],
    ...integer(1, MANY),
    doc: 'records a chunk, for from, range and files',
    otherwise: 'by the length of the input',
  },
  chunkBytes: {
    elsewhere: ['blocksize', 'highwatermark'],
    ...integer(1, MANY),
    doc: 'bytes a chunk, for files',
    otherwise: 'a 1024th of the input, 256 KiB to 8 MiB',
  },
  partitions: {
    ...integer(1, 4096),
    doc: 'buckets of a keyed verb',
    otherwise: 'one for each 2 MiB of input, 1 to 256',
  },
  ordered: { ...aBoolean, doc: 'whether a stream yields in input order', otherwise: 'true' },
  bufferSize: {
    elsewhere: ['buffer', 'readahead', 'prefetch'],
    ...integer(1, MANY),
    doc: 'tasks that may be under way or wait for the consumer of a stream',
    otherwise: '4 a process',
  },
  retries: {
    elsewhere: ['maxretries', 'retry', 'attempts', 'maxattempts'],
    ...integer(0, 1000),
    doc: 'how often a chunk is tried again after a crash or a timeout',
    otherwise: '2',
  },
  onError: {
    elsewhere: ['onerrors', 'errors', 'stoponerror', 'failfast'],
    rule: "'fail', 'skip' or { maxSkipped: an integer of at least 0 }",
    doc: 'what to do with a record whose function throws',
    otherwise: 'fail',
    schema: (z) =>
      z.union([
        z.enum(['fail', 'skip']),
        z.object({ maxSkipped: z.number().int().min(0).max(MANY) }).strict(),
      ]),
    fromText: (text) => (/^\d+$/.test(text) ? { maxSkipped: Number(text) } : text),
    textForm: 'fail|skip|N',
  },
  tasksPerProcess: {
    elsewhere: ['maxtasksperchild', 'maxtasks', 'recycle'],
    ...integer(1, MANY),
    doc: 'chunks after which a child is replaced',
    otherwise: 'no limit',
  },
  timeout: {
    elsewhere: ['timeoutms', 'tasktimeout', 'deadline'],
    ...integer(1, 2 ** 31 - 1),
    doc: 'milliseconds for a chunk',
    otherwise: 'no limit',
  },
  memoryLimit: {
    elsewhere: ['memory', 'maxmemory', 'maxoldspacesize', 'heap', 'resourcelimits'],
    ...integer(16, 1_048_576),
    doc: 'heap of a child in MB',
    otherwise: "Node's own",
  },
  signal: {
    elsewhere: ['abortsignal', 'abort', 'controller', 'abortcontroller'],
    rule: 'an AbortSignal',
    doc: 'aborts the run',
    otherwise: 'none',
    ...checkedBy((value) => value instanceof AbortSignal),
  },
  progress: {
    elsewhere: ['onprogress'],
    rule: 'a boolean or a function',
    doc: 'shows how far the run is',
    otherwise: 'false',
    schema: (z) => z.union([z.boolean(), z.custom(isFunction)]),
    isPlain: isFunction,
    fromText: aBoolean.fromText!,
  },
  report: {
    rule: 'a path, a function or what htmlReport gives',
    doc: 'what takes the report of the run',
    otherwise: 'none',
    schema: (z) => z.union([z.string().min(1), z.custom(isFunction), z.custom(isReporter)]),
    isPlain: isFunction,
    fromText: aPath.fromText!,
    textForm: 'PATH',
  },
  inspect: { ...aBoolean, doc: 'has the child with the first task wait for a debugger', otherwise: 'false' },
  profile: { ...aPath, doc: 'a directory for a profile of all children', otherwise: 'none' },
  permissions: { ...aBoolean, doc: "children under Node's permission model", otherwise: 'false' },
  checkpoint: {
    elsewhere: ['resume'],
    ...aPath,
    doc: 'a directory that keeps finished chunks',
    otherwise: 'none',
  },
  tmpDir: {
    elsewhere: ['tempdir', 'tmp', 'temp'],
    ...aPath,
    doc: 'where temporary files go',
    otherwise: 'os.tmpdir()',
  },
  env: {
    rule: 'an object of strings without zero characters, whose names hold no "="',
    doc: 'environment variables for the children',
    otherwise: 'none',
    ...checkedBy(isEnvironment),
  },
  execArgv: {
    rule: 'an array of strings without zero characters',
    doc: "flags for the children's node",
    otherwise: 'those of this process',
    schema: (z) => z.array(z.string().refine(hasNoZero)),
    fromText: (text) => text.split(/\s+/).filter((flag) => flag !== ''),
    textForm: 'FLAGS',
  },
  pool: {
    rule: 'a pool made by createPool',
    doc: 'warm children of other runs',
    otherwise: 'none',
    ...checkedBy(hasMethod('run')),
  },
  engine: {
    rule: 'an engine, such as spark(...)',
    doc: 'runs the plan elsewhere',
    otherwise: 'child processes of this machine',
    ...checkedBy((value) => hasMethod('run')(value) && hasMethod('stream')(value)),
  },
  shuffleMemory: {
    ...integer(1, MANY),
    doc: 'for tests',
    isInternal: true,
    otherwise: 'a sixth of memoryLimit, at most 64 MiB',
  },
};

/** What can be spread into an environment: an object of own strings, such as `process.env`. */
function isEnvironment(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const record = value as Record<string | symbol, unknown>;
  return Reflect.ownKeys(record).every((name) => {
    const text = record[name];
    if (typeof name !== 'string' || typeof text !== 'string') return false;
    // Windows has variables whose names begin with "=".
    return name !== '' && !name.includes('=', 1) && hasNoZero(name) && hasNoZero(text);
  });
}

/** Whether a value is a `RunReporter`. */
function isReporter(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { path, render } = value as { readonly path?: unknown; readonly render?: unknown };
  return typeof path === 'string' && path !== '' && isFunction(render);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function hasMethod(name: string): (value: unknown) => boolean {
  return (value) => isFunction((value as Record<string, unknown> | null | undefined)?.[name]);
}
