import { createReadStream } from 'node:fs';
import { inferSchema, initParser, type Parser } from 'udsv';
import { timed } from '../../measure/report.js';
import { addTemperature } from './add-temperature.js';
import { verdict, type Summary } from './verdict.js';

const [, , path = ''] = process.argv;

await timed(async () => {
  const stations = new Map<string, Summary>();
  const add = ([name, temperature]: [string, string]): void =>
    addTemperature(stations, name, Number(temperature));
  let parser: Parser | undefined;
  const file = createReadStream(path, { encoding: 'utf8', highWaterMark: 2 ** 20 });
  for await (const text of file as AsyncIterable<string>) {
    parser ??= initParser(inferSchema(text, { header: () => [] }));
    parser.chunk(text, parser.stringArrs as never, add as never);
  }
  parser?.end();
  return verdict(stations, 10);
});
