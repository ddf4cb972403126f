import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { csv, from, jsonLines, SourceError, type Dataset } from '@forkfold/core';
import { expectTypeOf } from 'expect-type';
import { caught, directories, harness } from './harness.js';

const shared = harness();
const places = directories(shared);

const rows = from([
  { at: new Date(0), country: 'de', km: 1, n: 1n },
  { at: new Date(1e12), country: 'a/b %', km: 2, n: 2n },
  { at: new Date(0), country: null, km: 3, n: 3n },
  { at: new Date(0), country: 'de', km: 4, n: 4n },
]);
const byKm = <R extends { readonly km: number }>(found: readonly R[]): R[] =>
  [...found].sort((a, b) => a.km - b.km);

it.each([false, true])('csv reads back what partitionBy has written, gzip: %s', async (gzip) => {
  const directory = join(places.root, 'out');
  await rows.writeCsv(directory, { partitionBy: ['country', 'at'], gzip }).run(places.options(1));
  const read = csv(join(directory, '**', 'part-*'), {
    columns: { n: 'bigint', km: 'number' },
    partitionedBy: { country: 'string', at: 'date' },
  });
  expectTypeOf(read).toExtend<Dataset<{ n: bigint; km: number; country: string | null; at: Date | null }>>();
  const expected = await rows.map(({ n, km, country, at }) => ({ n, km, country, at })).toArray().run(places.options(0)); // prettier-ignore
  for (const processes of [0, 1]) {
    const found = byKm(await read.toArray().run(places.options(processes)));
    expect(found).toEqual(expected);
    expect(Object.keys(found[0]!)).toEqual(['n', 'km', 'country', 'at']);
  }
  const paired = await csv(join(directory, '**', 'part-*'), {
    columns: ['km'],
    partitionedBy: ['country'],
    withPath: true,
  })
    .filter(([, { country }]) => country === 'a/b %')
    .toArray()
    .run(places.options(1));
  expect(paired.map(([path, row]) => [path.includes('country=a%2Fb %25'), row])).toEqual([
    [true, { km: '2', country: 'a/b %' }],
  ]);
});

it('jsonLines does, too, and a bad line keeps its place', async () => {
  const directory = join(places.root, 'out');
  const written = rows.map(({ country, km }) => ({ country, km }));
  await written.writeJsonLines(directory, { partitionBy: 'country' }).run(places.options(1));
  const read = jsonLines<{ km: number; country: string | null }>(join(directory, '*', '*.jsonl'), {
    partitionedBy: ['country'],
  });
  expect(byKm(await read.toArray().run(places.options(1)))).toEqual(
    (await written.toArray().run(places.options(0))).map(({ km, country }) => ({ km, country })),
  );
  const numbers = from([1, 2]).writeJsonLines(join(places.root, 'numbers'), {
    partitionBy: (n) => ({ n }),
  });
  await numbers.run(places.options(1));
  const error = await caught(
    jsonLines(join(places.root, 'numbers', 'n=2', '*.jsonl'), { partitionedBy: ['n'] })
      .count()
      .run(places.options(1)),
  );
  expect(error).toBeInstanceOf(SourceError);
  expect((error as SourceError).message).toContain(
    'no row of columns: 2, and partitionedBy adds some to objects',
  );
  expect(error as SourceError).toMatchObject({ line: 1 });
});

it('refuses files without such a directory, as the fault of the input', async () => {
  const directory = join(places.root, 'out');
  await rows.map(({ km }) => ({ km })).writeCsv(directory).run(places.options(1)); // prettier-ignore
  for (const processes of [0, 1]) {
    const error = await caught(
      csv(join(directory, '*.csv'), { partitionedBy: ['country'] }).count().run(places.options(processes, { onError: 'skip' })), // prettier-ignore
    );
    expect(error).toBeInstanceOf(SourceError);
    expect((error as Error).message).toContain('is in no directory of "country", a column of partitionedBy');
  }
  expect(() => csv('x', { partitionedBy: { a: 'nubmer' as 'number' } })).toThrow(
    'Expected "partitionedBy.a" to be one of "string", "number"',
  );
  expect(() => jsonLines('x', { partitionedBy: [] })).toThrow('Expected "partitionedBy" to be an array');
});
