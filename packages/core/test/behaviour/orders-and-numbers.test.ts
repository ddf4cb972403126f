import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  csv,
  desc,
  from,
  jsonLines,
  OptionError,
  range,
  SerializationError,
  SourceError,
  textLines,
} from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();

describe('sortBy with several keys', () => {
  const value = fc.oneof(
    fc.constantFrom(null, undefined, true, false, NaN, -0, 0, '', 'a', 'ab', 'ÿ', '\0', '東'),
    fc.integer({ min: -3, max: 3 }),
    fc.bigInt({ min: -300n, max: 300n }),
    fc.double(),
    fc.string({ maxLength: 3 }),
    fc.date({ noInvalidDate: false }),
    fc.array(fc.constantFrom(1, 'a', null), { maxLength: 2 }),
  );

  it('gives in descending order the reverse of the ascending one, and equals in input order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, fc.constantFrom('x', 'y')), { maxLength: 30 }),
        async (given) => {
          const rows = from(given.map(([a, b], n) => ({ a, b, n })));
          const options = shared.options(1, { chunkSize: 7 });
          const numbers = (sorted: typeof rows): Promise<number[]> =>
            sorted
              .map(({ n }) => n)
              .toArray()
              .run(options);
          const wanted = await numbers(rows.sortBy((row) => row.a, { descending: true }).sortBy('b'));
          expect(await numbers(rows.sortBy(['b', desc('a')]))).toEqual(wanted);
          expect(await numbers(rows.sortBy(desc((row) => row.a)).sortBy((row) => row.b))).toEqual(wanted);
          expect(await numbers(rows.sortBy([desc('b'), 'a'], { descending: true }))).toEqual(wanted);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('sorts ranges in many children alike, also when it spills', async () => {
    const rows = range(600).map((n) => ({ k: (n * 7919) % 13, n }));
    const expected = Array.from({ length: 600 }, (_, n) => ({ k: (n * 7919) % 13, n })).sort(
      (a, b) => a.k - b.k || b.n - a.n,
    );
    for (const budget of [undefined, 1]) {
      shared.budget = budget;
      const sorted = rows.sortBy(['k', desc('n')]).toArray();
      expect(await sorted.run(shared.options(2, { chunkSize: 80, partitions: 5 }))).toEqual(expected);
    }
    shared.budget = undefined;
  });

  it('refuses what is no key, at the call or when it is met', async () => {
    const rows = from([{ a: {}, b: 1 }]);
    for (const keys of [[], [[]], 5, '', [''], {}, undefined]) {
      expect(() => rows.sortBy(keys as never)).toThrow(OptionError);
      expect(() => rows.sortBy(keys as never)).toThrow(
        'Expected "sortBy" to be given a function of a record',
      );
    }
    expect(() => desc(7 as never)).toThrow('Expected "desc" to be given the name of a field');
    expect(() => rows.sortBy(desc(((a: unknown, b: unknown) => [a, b]) as never))).toThrow(
      'function of one record',
    );
    const error = await caught(rows.sortBy(desc('a')).count().run(shared.options(1)));
    expect(error).toBeInstanceOf(SerializationError);
    expect((error as Error).message).toContain('is an object, which has no order');
  });
});

describe('groupByKey with sortBy', () => {
  it('gives the values of each key in that order', async () => {
    const pairs = range(100).map((n): [string, { n: number; k: number }] => [`k${n % 3}`, { n, k: n % 4 }]);
    const grouped = pairs.groupByKey({ sortBy: [desc('k'), (value) => value.n] });
    const result = await grouped.toMap().run(shared.options(2, { chunkSize: 9 }));
    const all = Array.from({ length: 100 }, (_, n) => ({ n, k: n % 4 }));
    for (const [i, key] of ['k0', 'k1', 'k2'].entries()) {
      const wanted = all.filter(({ n }) => n % 3 === i).sort((a, b) => b.k - a.k || a.n - b.n);
      expect(result.get(key)).toEqual(wanted);
    }
    expect(() => pairs.groupByKey({ sortby: 'n' } as never)).toThrow('did you mean "sortBy"?');
    expect(() => pairs.groupByKey({ sortBy: 5 as never })).toThrow('Expected "groupByKey" to be given');
  });
});

describe('zipWithIndex', () => {
  it.each([0, 1, 2])('numbers all records in their order, in %d processes', async (processes) => {
    for (const budget of [undefined, 1]) {
      shared.budget = budget;
      const options = shared.options(processes, { chunkSize: 90, partitions: 5 });
      const kept = range(900).filter((n) => n % 3 === 1);
      const numbered = await kept.zipWithIndex().toArray().run(options);
      expect(numbered).toEqual(Array.from({ length: 300 }, (_, i) => [3 * i + 1, i]));
      const sorted = range(500).sortBy(desc((n) => n)).union(range(3)); // prettier-ignore
      const pairs = await sorted.zipWithIndex().filter(([, i]) => i > 497).toArray().run(options); // prettier-ignore
      expect(pairs).toEqual([[1, 498], [0, 499], [0, 500], [1, 501], [2, 502]]); // prettier-ignore
    }
    shared.budget = undefined;
  });

  it('has nothing to number without records', async () => {
    expect(await range(0).zipWithIndex().toArray().run(shared.options(1))).toEqual([]);
  });
});

describe('withPath', () => {
  it('gives each record with its file: lines, JSON and CSV, packed, large and compressed', async () => {
    const directory = shared.fresh();
    await mkdir(directory);
    const texts = { 'a.txt': 'one\ntwo\n', 'b.txt': 'three', 'c.txt.gz': 'four\nfive' };
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(join(directory, name), name.endsWith('.gz') ? gzipSync(text) : text);
    }
    const expected = Object.entries(texts).flatMap(([name, text]) =>
      text.trim().split('\n').map((line) => [join(directory, name), line]),
    ); // prettier-ignore
    for (const more of [{}, { chunkBytes: 3 }]) {
      const lines = textLines(join(directory, '*.txt*'), { withPath: true });
      expect(await lines.toArray().run(shared.options(2, more))).toEqual(expected);
    }

    await writeFile(join(directory, 'x.csv'), 'n,s\n1,a\n');
    await writeFile(join(directory, 'y.csv'), 's,n\nb,2\n');
    const rows = csv(join(directory, '*.csv'), { columns: { n: 'number', s: 'string' }, withPath: true });
    expect(await rows.mapValues(({ n }) => n).toArray().run(shared.options(2))).toEqual([
      [join(directory, 'x.csv'), 1],
      [join(directory, 'y.csv'), 2],
    ]); // prettier-ignore

    await writeFile(join(directory, 'z.jsonl'), '{"n":1}\n\n  \n{"n":2}\n');
    const json = jsonLines<{ n: number }>(join(directory, 'z.jsonl'), { withPath: true });
    expect(await json.countByKey().toMap().run(shared.options(1))).toEqual(
      new Map([[join(directory, 'z.jsonl'), 2]]),
    );
  });

  it('says the same of a bad record, and can leave it out', async () => {
    const file = shared.fresh();
    await writeFile(file, '{"n":1}\nno\n');
    const [plain, paired] = await Promise.all(
      [jsonLines(file).count(), jsonLines(file, { withPath: true }).count()].map((plan) =>
        caught(plan.run(shared.options(1))),
      ),
    );
    expect(paired).toBeInstanceOf(SourceError);
    expect((paired as Error).message).toBe((plain as Error).message);
    const rest = jsonLines(file, { withPath: true }).toArray();
    expect(await rest.run(shared.options(1, { onError: 'skip' }))).toEqual([[file, { n: 1 }]]);
  });

  it('is checked at the call', () => {
    for (const source of [textLines, jsonLines, csv] as ((paths: string, options: never) => unknown)[]) {
      expect(() => source('x', { withPath: 1 } as never)).toThrow('Expected "withPath" to be a boolean');
    }
  });
});
