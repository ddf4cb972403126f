import { execFile } from 'node:child_process';
import type { Launch } from './launch.js';

/** Starts the child's program once more, without a channel, to hear why it does not start. Never rejects. */
export function bootOutput({ entry, execArgv, env, cwd }: Launch): Promise<string> {
  const args = [...execArgv, entry];
  const options = { env, cwd, timeout: 10_000, killSignal: 'SIGKILL' } as const;
  return new Promise<string>((resolve) => {
    execFile(process.execPath, args, options, (_, __, stderr) => resolve(stderr.trim().slice(0, 2000)));
  }).catch(() => ''); // it cannot be started at all, and the slot knows why
}
