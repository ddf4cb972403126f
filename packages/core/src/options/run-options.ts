import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as Zod from 'zod/v3';
import { OptionError } from '../errors.js';
import { suggestName } from '../checks/nearest-name.js';
import { RUN_PREFIX } from '../disk/run-directory.js';
import type { Pool } from '../pool/pool.js';
import type { Progress } from '../report/progress.js';
import type { RunReport } from '../report/run-report.js';
import { preview } from '../values/preview.js';

/**
 * How to run: one flat object, given to `run` or `stream`, and checked before any work begins. A wrong value or an unknown
 * name is an `OptionError`. Only `chunkSize`, `chunkBytes`, `partitions` and `memoryLimit` can have an effect on a result:
 * on the order of keys, on which records `sample` takes, on how floating-point sums round. `onError` leaves records out.
 */
export interface RunOptions {
  /**
   * Number of child processes, 0 to 1024. 0 runs in this process, for a debugger: same results, same errors, but nothing
   * can interrupt an endless loop. @default os.availableParallelism()
   */
  processes?: number | undefined;
  /** Records a chunk, at least 1, for `from`, `range` and `files`. @default a function of the input's length */
  chunkSize?: number | undefined;
  /** Bytes a chunk, at least 1, for `textLines`, `jsonLines` and `byteChunks`. @default a 1024th of the input, 256 KiB to 8 MiB */
  chunkBytes?: number | undefined;
  /**
   * Buckets of a keyed verb, 1 to 4096: tasks of its reduce side. The order of keyed results depends on it.
   * @default one for each 2 MiB of input, 1 to 256; at least 16 if the size is not known or records may multiply; a
   *   quarter as many for a sort
   */
  partitions?: number | undefined;
  /** Whether `stream` yields in input order; false yields each chunk as it is finished. @default true */
  ordered?: boolean | undefined;
  /** Chunks that may be under way or wait for the consumer of a `stream`, at least 1. @default 4 a process */
  bufferSize?: number | undefined;
  /**
   * How often a chunk is tried again after its child died or ran out of time, 0 to 1000. A function that throws is not
   * tried again. @default 2
   */
  retries?: number | undefined;
  /**
   * What to do with a record whose function throws, or that kills its child on every attempt, and with a line that is no
   * row for `jsonLines`: `'fail'` the run, `'skip'` the record, or skip at most `maxSkipped` of them. Functions of `reduce` and of combiners always fail the run, and
   * so do `mapPartitions` and what follows it: there, nobody can tell which record is to blame. @default 'fail'
   */
  onError?:
    | 'fail'
    | 'skip'
    | {
        /** One more fails the run; an integer of at least 0. */
        maxSkipped: number;
      }
    | undefined;
  /** Chunks after which a child is replaced by a fresh one, against slow leaks, at least 1. @default no limit */
  tasksPerProcess?: number | undefined;
  /**
   * Milliseconds for a chunk, at least 1; its child is killed by SIGKILL when they are over. With `processes: 0` a chunk
   * that waits is given up, and a busy loop is not interrupted. @default no limit
   */
  timeout?: number | undefined;
  /**
   * Heap of a child in MB, 16 to 1,048,576 (`--max-old-space-size`). A sixth of it, at most 64 MB, is what a keyed verb
   * holds in memory before it goes to the disk. @default Node's own limit
   */
  memoryLimit?: number | undefined;
  /** Aborts the run: its children are killed, and it rejects with the signal's reason, untouched. */
  signal?: AbortSignal | undefined;
  /**
   * True for a line on stderr, or a function that is called after every task. What it throws rejects the run, and so
   * does what its promise rejects with in time; the run does not wait for the promise. @default false
   */
  progress?: boolean | ((progress: Progress) => void) | undefined;
  /**
   * What to do with the report of the run, once it is over, however it ended: a file to write it to as JSON, or a
   * function. Whatever befalls the report, the run ends as it would without one; a warning tells. @default none
   */
  report?: string | ((report: RunReport) => unknown) | undefined;
  /**
   * A directory, new or empty, that keeps finished chunks, so that the same plan on the same input goes on after a crash,
   * a kill or a power cut (which costs at most the last second's work). Removed once the run has succeeded. A changed
   * input, plan, job or argument is refused.
   */
  checkpoint?: string | undefined;
  /**
   * Starts children under Node's permission model: they read files, but write none outside their run's directory and its
   * checkpoint, and start no processes. OptionError where Node has no such model. @default false
   */
  permissions?: boolean | undefined;
  /** Where the run makes its own directory (mode 0700) for temporary files, unless its `pool` has a `tmpDir`. @default os.tmpdir() */
  tmpDir?: string | undefined;
  /** Environment variables for the children, besides this process's own, which they replace. */
  env?: Record<string, string> | undefined;
  /** Flags for the children's `node`, behind those of this process; a debugger's are not passed on. */
  execArgv?: readonly string[] | undefined;
  /** A pool of warm children, made by `createPool`; its own `processes`, `memoryLimit`, `permissions`, `tmpDir`, `env` and `execArgv` hold. */
  pool?: Pool | undefined;
}

/** Options after the check, defaults filled in. */
export interface Settings extends RunOptions {
  readonly processes: number;
  readonly retries: number;
  readonly ordered: boolean;
  readonly onError: 'fail' | 'skip' | { maxSkipped: number };
  readonly tmpDir: string;
}

type Schema = { safeParse(value: unknown): { success: boolean; error?: { issues: readonly Issue[] } } };
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

let schemas: Record<string, { rule: string; schema: Schema }> | undefined;

// Loaded when the first options are checked: importing forkfold, in a child above all, must not cost that. The interface
// of zod 3, which zod 4 has kept, does all that is needed here, and loads in a fraction of the time: that of zod 4 comes
// with its texts in fifty languages.
function loadSchemas(): Record<string, { rule: string; schema: Schema }> {
  const { z } = createRequire(import.meta.url)('zod/v3') as typeof Zod;
  const integer = (from: number, to: number): { rule: string; schema: Schema } => ({
    rule: `an integer ${to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`}`,
    schema: z.number().int().min(from).max(to),
  });
  const many = Number.MAX_SAFE_INTEGER;
  return {
    processes: integer(0, 1024),
    chunkSize: integer(1, many),
    chunkBytes: integer(1, many),
    partitions: integer(1, 4096),
    ordered: { rule: 'a boolean', schema: z.boolean() },
    bufferSize: integer(1, many),
    retries: integer(0, 1000),
    onError: {
      rule: "'fail', 'skip' or { maxSkipped: an integer of at least 0 }",
      schema: z.union([
        z.enum(['fail', 'skip']),
        z.object({ maxSkipped: z.number().int().min(0).max(many) }).strict(),
      ]),
    },
    tasksPerProcess: integer(1, many),
    timeout: integer(1, 2 ** 31 - 1),
    memoryLimit: integer(16, 1_048_576),
    signal: { rule: 'an AbortSignal', schema: z.custom((value) => value instanceof AbortSignal) },
    progress: { rule: 'a boolean or a function', schema: z.union([z.boolean(), z.custom(isFunction)]) },
    report: { rule: 'a path or a function', schema: z.union([z.string().min(1), z.custom(isFunction)]) },
    permissions: { rule: 'a boolean', schema: z.boolean() },
    checkpoint: { rule: 'a path', schema: z.string().min(1) },
    tmpDir: { rule: 'a path', schema: z.string().min(1) },
    env: { rule: 'an object of strings', schema: z.custom(isEnvironment) },
    execArgv: { rule: 'an array of strings', schema: z.array(z.string()) },
    pool: {
      rule: 'a pool made by createPool',
      schema: z.custom((value) => isFunction((value as Partial<Pool> | null)?.acquire)),
    },
  };
}

/** Checks options at the door. @throws OptionError that names the option, the rule and the value. */
export function checkOptions(options: RunOptions): Settings {
  if (!isRecord(options)) {
    throw new OptionError(
      `Expected options to be an object, got ${show(options)} (${typeof options})`,
      'options',
    );
  }
  schemas ??= loadSchemas();
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (rule === undefined) {
      throw new OptionError(`Unknown option "${name}": ${suggestName(name, Object.keys(schemas))}`, name);
    }
    if (value !== undefined && !rule.schema.safeParse(value).success) {
      throw new OptionError(
        `Expected "${name}" to be ${rule.rule}, got ${show(value)} (${typeof value})`,
        name,
      );
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const processes = options.pool?.size ?? availableParallelism();
  // Absolute, since a child's working directory may be another by then. A pool's children may write nowhere else.
  const tmpDir = resolve(options.pool?.tmpDir ?? options.tmpDir ?? tmpdir());
  checkReach(options, tmpDir);
  return { processes, retries: 2, ordered: true, onError: 'fail', ...given, tmpDir };
}

/** @throws OptionError for a checkpoint that the children of the pool may not write to. */
function checkReach({ pool, checkpoint }: RunOptions, tmpDir: string): void {
  if (!pool?.isConfined || checkpoint === undefined) return;
  const reach = join(tmpDir, RUN_PREFIX);
  const path = resolve(checkpoint);
  if (path.startsWith(reach)) return;
  const text = `The children of a pool with permissions may not write to the checkpoint ${path}`;
  throw new OptionError(
    `${text}: run without the pool, or choose a path that begins with ${reach}`,
    'checkpoint',
  );
}

/** What can be spread into an environment: an object of own strings, such as `process.env`. */
function isEnvironment(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const record = value as Record<string | symbol, unknown>;
  return Reflect.ownKeys(record).every(
    (name) => typeof name === 'string' && typeof record[name] === 'string',
  );
}

/** Whether a value is an object that is nothing in particular: no array, Map, RegExp or the like. */
function isRecord(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : preview(value, 80);
}

/** How many records a run may leave out. */
export function maxSkipped({ onError }: Pick<Settings, 'onError'>): number {
  if (typeof onError === 'object') return onError.maxSkipped;
  return onError === 'skip' ? Number.MAX_SAFE_INTEGER : 0;
}
