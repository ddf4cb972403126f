import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csv, range, type RunOptions } from '@forkfold/core';

/** Least, sum, most and number of the temperatures of a station. */
type Statistics = [least: number, sum: number, most: number, count: number];

const rows = Number(process.argv[2] ?? 1_000_000);
const options: RunOptions = { processes: 2 };
const directory = await mkdtemp(join(tmpdir(), 'one-billion-rows-'));
try {
  console.log(`Writing ${rows} measurements of 413 stations`);
  // A line depends on its number alone, so every machine writes the same bytes.
  const { files, bytes } = await range(rows)
    .map((n) => {
      const mixed = Math.imul(n ^ (n >>> 15), 0x2c1b3c6d) >>> 0;
      return `Station ${mixed % 413};${((((mixed >>> 9) % 999) - 400) / 10).toFixed(1)}`;
    })
    .writeText(join(directory, 'measurements'))
    .run(options);
  console.log(`${(bytes / 1e6).toFixed(1)} MB`);

  const started = performance.now();
  const measurements = csv(files, {
    header: false,
    delimiter: ';',
    columns: { station: 'string', temperature: 'number' },
  });
  const stations = await measurements
    .map((row) => [row.station, row.temperature])
    .aggregateByKey({
      zero: (): Statistics => [Infinity, 0, -Infinity, 0],
      add(statistics, temperature) {
        if (temperature < statistics[0]) statistics[0] = temperature;
        if (temperature > statistics[2]) statistics[2] = temperature;
        statistics[1] += temperature;
        statistics[3] += 1;
        return statistics;
      },
      merge: (a: Statistics, b: Statistics): Statistics => [
        Math.min(a[0], b[0]),
        a[1] + b[1],
        Math.max(a[2], b[2]),
        a[3] + b[3],
      ],
      finish: ([least, sum, most, count]) => ({ least, mean: sum / count, most, count }),
    })
    .sortBy(([station]) => station)
    .toArray()
    .run(options);
  const seconds = (performance.now() - started) / 1000;
  const total = stations.reduce((sum, [, { count }]) => sum + count, 0);
  console.log(`${total} measurements of ${stations.length} stations: least, mean, most`);
  for (const [station, { least, mean, most }] of stations.slice(0, 5)) {
    console.log(`${station.padEnd(12)} ${[least, mean, most].map((x) => x.toFixed(1).padStart(6)).join('')}`);
  }
  console.log(`Seconds: ${seconds.toFixed(2)}`);
} finally {
  await rm(directory, { recursive: true });
}
