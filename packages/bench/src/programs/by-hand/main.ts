/** Does a work that is cut by hand on a pool: `POOL WORK SIZE [ARGUMENT ...]`. */
import { timed } from '../../measure/report.js';
import { openPool } from './open-pool.js';
import type { WorkByHand } from './work.js';

/** Tasks that are given to a pool at the same time: enough to keep its workers busy. */
const WINDOW = 16;

const [, , name = '', file = '', size, ...args] = process.argv;

await timed(async () => {
  const { href } = new URL(`../${file}.js`, import.meta.url);
  const { tasks, verdict } = (await import(href)) as WorkByHand<unknown, unknown>;
  const pool = openPool(name, href, Number(size));
  const parts: PromiseLike<unknown>[] = [];
  for (const task of tasks(...args)) {
    if (parts.length >= WINDOW) await parts[parts.length - WINDOW];
    parts.push(pool.run(task));
  }
  const found = verdict(await Promise.all(parts));
  await pool.close();
  return found;
});
