/** One call at a time on a warm pool of two, by the name of the pool. */
import { timedWarm } from '../../measure/report.js';
import { openPool } from '../by-hand/open-pool.js';

const pool = openPool<number, number>(process.argv[2]!, new URL('./double.js', import.meta.url).href, 2);
await timedWarm({ warmUp: 200, measured: 500 }, () => pool.run(20), String);
await pool.close();
