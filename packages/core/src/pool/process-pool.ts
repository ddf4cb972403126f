import os from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRights } from './check-rights.js';
import { childEnv } from './child-env.js';
import { inheritedExecArgv } from './exec-argv.js';
import { bootOutput } from './boot-output.js';
import { place } from '../disk/place.js';
import { currentDirectory } from '../disk/start-directory.js';
import type { Launch, ProcessPoolOptions } from './launch.js';
import { flagsIn } from './node-options.js';
import { ownFlags } from '../protocol/own-flags.js';
import type { TaskPool } from './pool.js';
import { permissionFlags } from './permission-flags.js';
import { absoluteFlags, flagDirectory } from './preload-flags.js';
import { ProcessSlot } from './process-slot.js';
import { poolOf } from './slots.js';

const entry = fileURLToPath(new URL('../child/entry.js', place));

/** A pool of forked children. They are started when they are first needed, and replaced when they died. */
export function processPool(options: ProcessPoolOptions): TaskPool {
  checkRights(entry);
  const { processes, memoryLimit, env, execArgv = [], permissions, tmpDir, checkpoint } = options;
  const writable = checkpoint === undefined ? [] : [resolve(checkpoint)];
  const guards = permissions ? permissionFlags(tmpDir, writable) : [];
  const childrensEnv = childEnv(env);
  const inherited = inheritedExecArgv(process.execArgv, memoryLimit);
  const here = currentDirectory() ?? '/';
  const { startDirectory = here } = options;
  const given = absoluteFlags(execArgv, here);
  const inEnv = flagsIn(childrensEnv['NODE_OPTIONS'] ?? '');
  const surroundings = { processes, cores: os.availableParallelism(), versions: process.versions };
  const own = ownFlags([...inherited, ...inEnv, ...given], surroundings);
  const launch: Launch = {
    entry,
    execArgv: [...own, ...inherited, ...guards, ...given],
    env: childrensEnv,
    cwd: flagDirectory([...inherited, ...inEnv], startDirectory),
  };
  const slots = Array.from({ length: processes }, () => new ProcessSlot(launch, options));
  return poolOf(slots, processes, () => bootOutput(launch));
}
