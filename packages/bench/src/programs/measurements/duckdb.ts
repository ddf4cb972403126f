import { timed } from '../../measure/report.js';
import { query, quoted } from '../duckdb.js';
import { verdict, type Summary } from './verdict.js';

const [, , url = '', path = ''] = process.argv;

interface Row extends Omit<Summary, 'count'> {
  readonly station: string;
  readonly count: bigint;
}

await timed(async () => {
  const rows = await query<Row>(
    url,
    `SELECT station, min(t) AS min, max(t) AS max, sum(t) AS sum, count(*) AS count
     FROM read_csv(${quoted(path)}, delim=';', header=false, columns={'station': 'VARCHAR', 't': 'DOUBLE'})
     GROUP BY station`,
  );
  return verdict(
    rows.map(({ station, min, max, sum, count }) => [station, { min, max, sum, count: Number(count) }]),
    10,
  );
});
