import { createReadStream } from 'node:fs';
import { inferSchema, initParser, type Parser } from 'udsv';
import { timed } from '../../measure/report.js';
import { verdict } from './verdict.js';

const [, , path = ''] = process.argv;

await timed(async () => {
  const sums = new Map<string, number>();
  let parser: Parser | undefined;
  let columns: { readonly shop: number; readonly amount: number; readonly note: number } | undefined;
  const add = (row: readonly string[]): void => {
    const { shop, amount, note } = columns!;
    if (row[note] !== '') sums.set(row[shop]!, (sums.get(row[shop]!) ?? 0) + Number(row[amount]));
  };
  for await (const text of createReadStream(path, {
    encoding: 'utf8',
    highWaterMark: 2 ** 20,
  }) as AsyncIterable<string>) {
    if (parser === undefined) {
      const schema = inferSchema(text);
      const names = schema.cols.map(({ name }) => name);
      columns = { shop: names.indexOf('shop'), amount: names.indexOf('amount'), note: names.indexOf('note') };
      parser = initParser(schema);
    }
    parser.chunk(text, parser.stringArrs as never, add as never);
  }
  parser?.end();
  return verdict(sums);
});
