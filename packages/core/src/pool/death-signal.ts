import { accessSync, constants, readFileSync } from 'node:fs';
import { exists } from '../disk/exists.js';
import { delimiter, isAbsolute, join } from 'node:path';

const FLAG = '--pdeathsig';

let found: readonly string[] | undefined;

/**
 * The command that starts another one which the kernel kills when the thread that started it ends: `setpriv` of
 * util-linux, which most Linux machines have. Empty where there is none; a child must then watch its parent itself, by a
 * thread, whose start every child then pays for.
 *
 * Source: PR_SET_PDEATHSIG of Linux, prctl(2).
 */
export function deathSignal(): readonly string[] {
  found ??= find();
  return found;
}

function find(): readonly string[] {
  // Other runtimes translate the arguments of a fork, and must find their own program in it.
  const isNode = process.release.name === 'node' && !process.versions['bun'] && !process.versions['deno'];
  if (process.platform !== 'linux' || !isNode || process.versions['electron']) return [];
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'setpriv');
    if (isAbsolute(folder) && exists(path)) return knowsIt(path) ? [path, FLAG, 'KILL'] : [];
  }
  return [];
}

/** Other programs of this name, as busybox has one, do not hold the flag's name. To start one would cost every program 5 ms. */
function knowsIt(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return readFileSync(path).includes(FLAG.slice(2));
  } catch {
    return false;
  }
}
