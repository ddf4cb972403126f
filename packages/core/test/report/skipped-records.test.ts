import { expect, it } from '@jest/globals';
import { SourceError, TaskError } from '../../src/errors.js';
import { skippedRecords } from '../../src/report/skipped-records.js';

const record = (verb: string, chunk = 0) => ({
  verb,
  chunk,
  preview: `'${chunk}'`,
  error: 'Error: bad',
  index: chunk,
});
const sources = new Set(['jsonLines']);

it('counts all records, and keeps the first thousand', () => {
  const skipped = skippedRecords(Infinity, sources);
  for (let chunk = 0; chunk < 15; chunk += 1) {
    skipped.add({ count: 200, records: Array.from({ length: 100 }, () => record('map', chunk)) });
  }
  expect(skipped.count).toBe(3000);
  expect(skipped.records).toHaveLength(1000);
  expect(skipped.records.at(-1)).toEqual(record('map', 9));
});

it('refuses more than the run may leave out, and blames the input for what is no record', () => {
  for (const [verb, kind] of [
    ['map', TaskError],
    ['jsonLines', SourceError],
  ] as const) {
    const skipped = skippedRecords(1, sources);
    skipped.add({ count: 1, records: [record(verb)] });
    const add = (): void => skipped.add({ count: 1, records: [record(verb, 7)] });
    expect(add).toThrow(kind);
    expect(skipped.count).toBe(2);
    const again = skippedRecords(0, sources);
    expect(() => again.add({ count: 3, records: [record(verb, 7)] })).toThrow(
      "3 records failed, more than maxSkipped: 0 allows; the last one met Error: bad (chunk 7: '7')",
    );
  }
});
