import { timed } from '../../measure/report.js';
import { query, quoted } from '../duckdb.js';
import { verdict } from './verdict.js';

const [, , url = '', path = ''] = process.argv;

await timed(async () => {
  const rows = await query<{ user: string; cents: bigint }>(
    url,
    `SELECT "user", sum(cents)::BIGINT AS cents
     FROM read_json(${quoted(path)}, format='newline_delimited', columns={'user': 'VARCHAR', 'cents': 'INTEGER', 'paid': 'BOOLEAN'})
     WHERE paid AND cents >= 1000 GROUP BY "user"`,
  );
  return verdict(rows.map(({ user, cents }) => [user, Number(cents)]));
});
