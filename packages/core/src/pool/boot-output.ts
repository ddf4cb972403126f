import { spawn } from 'node:child_process';
import { clearTimeout, setTimeout } from '../timers.js';
import type { Launch } from './launch.js';

/** How long the child may take, in milliseconds. */
const PATIENCE = 10_000;
/** Enough of its words, in UTF-16 units. */
const MOST = 2000;

/** What Node says of its own state, whatever a program does. */
const warning = /^\(node:\d+\) \[?\w*Warning\]?.*\n?|^\(Use `node --trace-.*\n?/gm;

/**
 * Starts the child's program once more, as a slot does, to hear why it does not start: what it writes to stderr. Nothing of
 * one that starts this time. Never rejects.
 */
export function bootOutput({ entry, execArgv, env, cwd }: Launch): Promise<string> {
  return new Promise<string>((resolve) => {
    let words = '';
    try {
      const child = spawn(process.execPath, [...execArgv, entry, ...process.argv.slice(2)], {
        env,
        cwd,
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        serialization: 'advanced',
      });
      const kill = (): boolean => child.kill('SIGKILL');
      const timer = setTimeout(kill, PATIENCE);
      let hasStarted = false;
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        if (words.length < 4 * MOST) words += text;
      });
      child.on('message', () => {
        hasStarted = true;
        kill();
      });
      // A child that cannot be started at all says nothing, and the slot knows why.
      child.on('error', () => resolve(''));
      child.on('close', () => {
        clearTimeout(timer);
        resolve(hasStarted ? '' : words.replace(warning, '').trim().slice(0, MOST));
      });
    } catch {
      resolve('');
    }
  });
}
