import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { count, createPool, mean, quantile } from '@forkfold/core';
import { parquet } from '@forkfold/parquet';

// Three million flights within the United States, in the first half of 2001, as one file with eleven row groups.
const entry = createRequire(import.meta.url).resolve('vega-datasets');
const file = join(dirname(entry), '..', 'data', 'flights-3m.parquet');

// Each child reads the bytes of these two columns, for one row group at a time.
const flights = parquet(file, { columns: { origin: 'string', delay: 'number' } });
const airports = flights
  .groupBy('origin')
  .aggregate({ flights: count, mean: mean('delay'), p95: quantile('delay', 0.95) });

await using pool = createPool({ processes: 2 });
const busiest = await airports.top(8, ([, { flights }]) => flights).run({ pool });
console.log('airport  flights  mean delay   p95');
for (const [origin, { flights, mean, p95 }] of busiest) {
  console.log(
    `${origin}     ${String(flights).padStart(9)}${mean.toFixed(3).padStart(12)}${p95.toFixed(0).padStart(6)}`,
  );
}

// The file keeps the first and the last date of each row group: all but one have no flight of these days, and are not read.
const days = { gte: new Date('2001-02-13'), lt: new Date('2001-02-15') };
const late = parquet(file, {
  columns: { origin: 'string', destination: 'string', delay: 'number', date: 'date' },
  filter: { date: days, delay: { gt: 300 } },
});
let chunks = 0;
const worst = await late
  .top(3, ({ delay }) => delay)
  .run({ pool, report: ({ stages }) => void (chunks = stages[0]?.chunks ?? 0) });
console.log(`The latest of two days in February, from ${chunks} of 11 row groups:`);
for (const { date, origin, destination, delay } of worst) {
  console.log(`  ${date.toISOString().slice(0, 16)} ${origin} to ${destination}: ${delay} minutes`);
}
