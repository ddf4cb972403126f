import { OptionError } from '../errors.js';
import { deathSignal } from './death-signal.js';

interface Permission {
  has(scope: string, path?: string): boolean;
}

/**
 * Whether the permission model of this process, where it has one, lets children start.
 *
 * @param program That of the children. They have the flags of this process, and so its rights.
 * @throws OptionError that names the flag that is missing.
 */
export function checkRights(program: string): void {
  const { permission } = process as { permission?: Permission };
  if (permission === undefined) return;
  if (!permission.has('fs.read', program))
    throw missing('read the program of its children', `--allow-fs-read=${program}`);
  if (!permission.has('child')) throw missing('start processes', '--allow-child-process');
  // Where the kernel does not end a child with its parent, the child watches it by a thread.
  if (deathSignal().length === 0 && !permission.has('worker'))
    throw missing('start threads', '--allow-worker');
}

function missing(what: string, flag: string): OptionError {
  return new OptionError(
    `This process may not ${what} under its permission model: start it with ${flag}, or run with processes: 0`,
    'processes',
  );
}
