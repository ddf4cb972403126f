import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Which process owns something on disk. A pid alone does not tell: the system gives it to another one later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the system's own words; empty where it does not say. */
  readonly started: string;
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  return (own ??= { pid: process.pid, started: startOf(process.pid) });
}

/** Whether the very process that left its identity is alive. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return now === '' || started === '' || now === started;
}

function startOf(pid: number): string {
  try {
    if (process.platform === 'linux') {
      // Field 22, counted behind the name of the program, which may hold blanks and brackets.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
