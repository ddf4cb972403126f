import { timed } from '../../measure/report.js';
import { query, quoted } from '../duckdb.js';
import { verdict } from './verdict.js';

const [, , url = '', path = ''] = process.argv;

await timed(async () => {
  const rows = await query<{ origin: string; flights: bigint; delay: number; farthest: bigint }>(
    url,
    `SELECT origin, count(*) AS flights, avg(delay) AS delay, max(distance) AS farthest FROM ${quoted(path)} GROUP BY origin`,
  );
  return verdict(
    rows.map(({ origin, flights, delay, farthest }) => [
      origin,
      { flights: Number(flights), delay, farthest: Number(farthest) },
    ]),
  );
});
