import { timed } from '../../measure/report.js';

/** A pool as its user sees it. */
export interface PoolUnderTest {
  /** Does nothing so many times, in tasks of their own. */
  run(tasks: number): Promise<unknown>;
  close(): Promise<unknown>;
}

/** `boot`: from making a pool of one to its first answer. `tasks N`: N tasks on a warm pool of two. */
export async function measurePool(
  open: (size: number) => PoolUnderTest | Promise<PoolUnderTest>,
): Promise<void> {
  const [mode, tasks] = process.argv.slice(2);
  if (mode === 'boot') {
    let pool: PoolUnderTest | undefined;
    await timed(async () => {
      pool = await open(1);
      await pool.run(1);
    });
    await pool!.close();
  } else {
    const pool = await open(2);
    // The first tasks start the children and let the compiler see the code.
    await pool.run(200);
    await timed(async () => {
      await pool.run(Number(tasks));
    });
    await pool.close();
  }
}

/** Gives a pool all tasks at once, as its documentation shows. */
export function allAtOnce(task: () => PromiseLike<unknown>): PoolUnderTest['run'] {
  return (tasks) => Promise.all(Array.from({ length: tasks }, task));
}
