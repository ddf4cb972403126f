import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** The processes of this machine whose title or command line is that. */
export function titled(mark: string): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(mark));
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(100);
}
