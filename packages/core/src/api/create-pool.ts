import { OptionError } from '../errors.js';
import { version } from '../shared-state.js';
import { checkOptions, POOL } from '../options/check-options.js';
import type { RunOptions } from '../options/run-options.js';
import { lazyPool } from '../pool/lazy-pool.js';
import { openProcessPool } from '../pool/open-process-pool.js';
import { Paces } from '../pool/paces.js';
import type { Pool } from '../pool/pool.js';

/** The options of `RunOptions` that are about the children themselves. A run with `pool` ignores its own ones. */
export type PoolOptions = Pick<
  RunOptions,
  'processes' | 'memoryLimit' | 'tasksPerProcess' | 'permissions' | 'tmpDir' | 'env' | 'execArgv'
>;

const names: readonly (keyof PoolOptions)[] = [
  'processes',
  'memoryLimit',
  'tasksPerProcess',
  'permissions',
  'tmpDir',
  'env',
  'execArgv',
];

/**
 * Makes a pool of warm children for many runs: `run({ pool })`. Children start when they are first needed, idle ones do
 * not keep the program alive, and `close()`, or `await using`, ends them.
 *
 * @throws OptionError for a wrong option.
 * @example
 * await using pool = createPool({ processes: 2 });
 * await range(10).count().run({ pool }); // -> 10
 * await parallelMap([1, 2], (n) => n + 1, { pool }); // -> [ 2, 3 ]
 */
export function createPool(options: PoolOptions = {}): Pool {
  const settings = checkOptions(options);
  const other = Object.keys(options).find((name) => !names.includes(name as never));
  if (other !== undefined) {
    throw new OptionError(
      `"${other}" is an option of run and stream: createPool takes ${names.join(', ')}`,
      other,
    );
  }
  const { processes, permissions, tmpDir, tasksPerProcess } = settings;
  const told = {
    [POOL]: version,
    ...(options.tmpDir !== undefined && { tmpDir }),
    ...(tasksPerProcess !== undefined && { tasksPerProcess }),
  };
  if (processes === 0) {
    return { ...lazyPool(0, async () => (await import('../pool/inline-pool.js')).inlinePool()), ...told };
  }
  const pool = lazyPool(processes, async () => {
    const { listeningPool } = await import('../run/interrupt.js');
    return listeningPool(await openProcessPool({ ...settings, isWarm: true }));
  });
  return {
    ...pool,
    ...told,
    ...{ paces: new Paces() },
    ...(permissions === true && { tmpDir, isConfined: true }),
  };
}
