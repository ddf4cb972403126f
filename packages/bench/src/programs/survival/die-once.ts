import { closeSync, openSync } from 'node:fs';

export interface Work {
  readonly n: number;
  /** A file that is not there yet. */
  readonly marker: string;
}

/** The square of a number; the first process that comes to 20 is killed, as the system kills one that takes too much memory. */
export default function squareOf({ n, marker }: Work): number {
  if (n === 20) {
    let isFirst = true;
    try {
      closeSync(openSync(marker, 'wx'));
    } catch {
      isFirst = false;
    }
    if (isFirst) {
      process.kill(process.pid, 'SIGKILL');
      for (;;);
    }
  }
  return n * n;
}

export const TASKS = 64;

export function worksFor(marker: string): Work[] {
  return Array.from({ length: TASKS }, (_, n) => ({ n, marker }));
}

/** Prints what a pool's user gets: the sum, or an error. */
export async function survive(run: () => Promise<readonly number[]>): Promise<void> {
  try {
    const squares = await run();
    console.log(squares.reduce((a, b) => a + b, 0) === 85_344 ? 'right result' : 'wrong result');
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    console.log(`error: ${line.slice(0, 90)}`);
  }
  process.exit(0);
}
