// Brings the pinned pnpm, installs from the frozen lockfile and builds; what is done already is skipped.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

export function setup() {
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const stamp = `${root}node_modules/.forkfold-setup`;
  const lock = createHash('sha256').update(readFileSync(`${root}pnpm-lock.yaml`)).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile']);
    writeFileSync(stamp, lock);
  }
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
}
