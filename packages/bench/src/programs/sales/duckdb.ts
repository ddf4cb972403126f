import { timed } from '../../measure/report.js';
import { query, quoted } from '../duckdb.js';
import { verdict } from './verdict.js';

const [, , url = '', path = ''] = process.argv;

await timed(async () => {
  const rows = await query<{ shop: string; amount: number }>(
    url,
    `SELECT shop, sum(amount) AS amount FROM read_csv(${quoted(path)}) WHERE note <> '' GROUP BY shop`,
  );
  return verdict(rows.map(({ shop, amount }) => [shop, amount]));
});
