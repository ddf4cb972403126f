import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { RUN_PREFIX } from '../disk/run-prefix.js';
import { OptionError } from '../errors.js';

/**
 * Flags that start a child under Node's permission model: it may read files, but write none outside the directories of
 * runs and `writable`, and start no processes. It keeps the right to start threads, which the watch on the parent's life
 * needs, so the model holds off accidents and data that is taken for code; it is no prison for a hostile job.
 *
 * @throws OptionError where this Node does not have it, and for a path that its flags cannot name.
 */
export function permissionFlags(tmpDir = tmpdir(), writable: readonly string[] = []): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  const flag = ['--permission', '--experimental-permission'].find((name) => known.has(name));
  if (flag === undefined) {
    const text = `"permissions" needs a Node with a permission model, and ${process.version} has none`;
    throw new OptionError(`${text}: use Node 20 or later, or leave the option out`, 'permissions');
  }
  const wild = [tmpDir, ...writable].find((path) => path.includes('*'));
  if (wild !== undefined) {
    // For Node it stands for any path, and it knows no way to write one that does not.
    const text = `"permissions" cannot bound ${wild}, since an asterisk stands for any name`;
    throw new OptionError(`${text}: choose a path without one`, 'permissions');
  }
  const directories = [`${join(tmpDir, RUN_PREFIX)}*`, ...writable.map((path) => join(path, '*'))];
  return [
    flag,
    '--allow-fs-read=*',
    ...directories.map((path) => `--allow-fs-write=${path}`),
    '--allow-worker',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ];
}
