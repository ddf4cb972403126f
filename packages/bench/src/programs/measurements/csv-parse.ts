import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { timed } from '../../measure/report.js';
import { addTemperature } from './add-temperature.js';
import { verdict, type Summary } from './verdict.js';

const [, , path = ''] = process.argv;

await timed(async () => {
  const stations = new Map<string, Summary>();
  const rows = createReadStream(path, { highWaterMark: 2 ** 20 }).pipe(parse({ delimiter: ';' }));
  for await (const [name, temperature] of rows as AsyncIterable<[string, string]>) {
    addTemperature(stations, name, Number(temperature));
  }
  return verdict(stations, 10);
});
