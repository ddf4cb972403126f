/** A list to a warm pool of two and back, by the name of the pool. */
import { inChunks } from '../by-hand/in-chunks.js';
import { openPool } from '../by-hand/open-pool.js';
import { measurePool } from './measure-pool.js';

const [, , kind = '', count, name = ''] = process.argv;

await measurePool(kind, Number(count), () => {
  const pool = openPool<readonly unknown[], unknown[]>(name, new URL('./echo.js', import.meta.url).href, 2);
  return {
    map: async (items) => (await Promise.all(inChunks(items).map((chunk) => pool.run(chunk)))).flat(),
    close: () => pool.close(),
  };
});
