// `os` is imported as a whole, since older versions of Node.js lack some of its names: they are to be refused in words.
import os from 'node:os';
import { join, resolve } from 'node:path';
import type * as Zod from 'zod/v3';
import { isRecord } from '../checks/is-record.js';
import { suggestName } from '../checks/nearest-name.js';
import { otherVersion } from '../disk/copies.js';
import { dependency } from '../disk/place.js';
import { RUN_PREFIX } from '../disk/run-prefix.js';
import { OptionError } from '../errors.js';
import { preview } from '../values/preview.js';
import { brand, version } from '../shared-state.js';
import { optionRows, type Schema } from './option-rows.js';
import type { Pool, TaskPool } from '../pool/pool.js';
import type { RunOptions } from './run-options.js';
import type { Settings } from './settings.js';

/** What tells by which version a pool was made. */
export const POOL = brand('pool');

let schemas: Record<string, Schema> | undefined;

// zod is loaded when an option is not plainly right: importing forkfold, in a child above all, must not cost that, nor a run whose
// options are. The interface of zod 3, which zod 4 has kept, does all that is needed here, and loads in a fraction of the time: that
// of zod 4 comes with its texts in fifty languages.
function loadSchemas(): Record<string, Schema> {
  const { z } = dependency('zod/v3') as typeof Zod;
  return Object.fromEntries(Object.entries(optionRows).map(([name, row]) => [name, row.schema(z)]));
}

/** The options that users see. */
export const optionNames: readonly (keyof RunOptions)[] = Object.entries(optionRows)
  .filter(([, { isInternal }]) => isInternal !== true)
  .map(([name]) => name as keyof RunOptions);

/** What other libraries call options, and what they are called here. */
const elsewhere: ReadonlyMap<string, string> = new Map(
  Object.entries(optionRows).flatMap(([name, row]) => (row.elsewhere ?? []).map((other) => [other, name])),
);

/**
 * Checks options at the door. They may be settings, since an engine is given these.
 *
 * @throws OptionError that names the option, the rule and the value.
 */
export function checkOptions(options: RunOptions): Settings {
  if (!isRecord(options)) {
    throw new OptionError(
      `Expected options to be an object, got ${show(options)} (${typeof options})`,
      'options',
    );
  }
  const { pool: only } = options;
  const isOnlyPool = only !== undefined && Object.keys(options).length === 1;
  const known = isOnlyPool ? ofPools.get(only) : undefined;
  if (known !== undefined) return known;
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(optionRows, name)) {
      throw new OptionError(`Unknown option "${name}": ${suggestName(name, optionNames, elsewhere)}`, name);
    }
    const { rule, isPlain } = optionRows[name as keyof typeof optionRows];
    if (value === undefined || isPlain?.(value) === true) continue;
    schemas ??= loadSchemas();
    if (!schemas[name]!.safeParse(value).success) {
      throw new OptionError(`Expected "${name}" to be ${rule}, got ${show(value)} (${typeof value})`, name);
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  // What has passed for a pool is one.
  const pool = options.pool as TaskPool | undefined;
  const processes = pool?.size ?? os.availableParallelism();
  // Absolute, since a child's working directory may be another by then. A pool's children may write nowhere else.
  const tmpDir = resolve(pool?.tmpDir ?? options.tmpDir ?? os.tmpdir());
  checkTools(options, pool?.size ?? options.processes ?? processes);
  checkReach({ ...options, pool }, tmpDir);
  checkVersion(pool);
  const settings = { processes, retries: 2, ordered: true, onError: 'fail', ...given, tmpDir } as const;
  if (isOnlyPool) ofPools.set(only, settings);
  return settings;
}

/** The settings of runs that are given a pool and nothing else, as those of a server are. */
const ofPools = new WeakMap<Pool, Settings>();

/** @throws OptionError for a pool that another version of this package has made: their children speak otherwise. */
function checkVersion(pool: RunOptions['pool']): void {
  const of = (pool as { readonly [POOL]?: string } | undefined)?.[POOL];
  if (of !== undefined && of !== version) throw otherVersion('pool', of);
}

/** @throws OptionError for tools that look at children where there are none, or none of the run's own. */
function checkTools({ inspect, profile, pool }: RunOptions, processes: number): void {
  const none = 'looks at children, and with processes: 0 there are none: start this program by';
  if (inspect && processes === 0) throw new OptionError(`"inspect" ${none} node --inspect-brk`, 'inspect');
  if (profile === undefined) return;
  if (pool !== undefined) {
    throw new OptionError('"profile" needs children that end with the run: run without the pool', 'profile');
  }
  if (processes === 0) throw new OptionError(`"profile" ${none} node --cpu-prof`, 'profile');
}

/** @throws OptionError for a checkpoint that the children of the pool may not write to. */
function checkReach({ pool, checkpoint }: Pick<Settings, 'pool' | 'checkpoint'>, tmpDir: string): void {
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

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : preview(value, 80);
}
