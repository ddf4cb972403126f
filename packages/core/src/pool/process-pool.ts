import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inheritedExecArgv } from './exec-argv.js';
import { bootOutput } from './boot-output.js';
import type { Launch, ProcessPoolOptions } from './launch.js';
import type { Pool } from './pool.js';
import { permissionFlags } from './permission-flags.js';
import { ProcessSlot } from './process-slot.js';
import { poolOf } from './slots.js';

const entry = fileURLToPath(new URL('../child/entry.js', import.meta.url));

/** A pool of forked children. They are started when they are first needed, and replaced when they died. */
export function processPool(options: ProcessPoolOptions): Pool {
  const { processes, memoryLimit, env, execArgv = [], permissions, tmpDir, checkpoint } = options;
  const writable = checkpoint === undefined ? [] : [resolve(checkpoint)];
  const guards = permissions ? permissionFlags(tmpDir, writable) : [];
  const launch: Launch = {
    entry,
    execArgv: [...inheritedExecArgv(process.execArgv, memoryLimit), ...guards, ...execArgv],
    env: { ...process.env, ...env },
  };
  const slots = Array.from({ length: processes }, () => new ProcessSlot(launch, options));
  return poolOf(slots, processes, () => bootOutput(launch));
}
