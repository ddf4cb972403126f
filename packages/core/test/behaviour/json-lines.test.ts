import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  jsonLines,
  OptionError,
  SourceError,
  TaskError,
  type Dataset,
  type Progress,
  type RunOptions,
  type RunReport,
} from '@forkfold/core';
import { caught, fixture, harness } from './harness.js';

interface Order {
  readonly id: number;
  readonly price: number;
  readonly day: Date;
  readonly note: string;
}

interface Jobs {
  orders(paths: string): Dataset<Order>;
  total(paths: string, factor: number): Dataset<number>;
  bigInts(paths: string): Dataset<bigint>;
  asynchronous(paths: string): Dataset<number>;
  evens(paths: string, limit: number): Dataset<number>;
  verbose(paths: string): Dataset<unknown>;
  both(paths: string, others: string): Dataset<number>;
}

const shared = harness();
let jobs: Jobs;

beforeAll(async () => {
  jobs = (await import(fixture('json-rows.job.mjs'))) as Jobs;
});

async function write(content: string | Uint8Array, ending = '.jsonl'): Promise<string> {
  const path = `${shared.fresh()}${ending}`;
  await writeFile(path, content);
  return path;
}

const line = (id: number): string => `{"id":${id},"price":${id},"day":"2024-01-02"}`;
const day = new Date('2024-01-02');

describe.each([0, 1, 2])('jsonLines in %d processes', (processes) => {
  const options = (more: RunOptions = {}): RunOptions => shared.options(processes, more);
  const rows = (path: string, more?: RunOptions): Promise<unknown[]> =>
    jsonLines(path).toArray().run(options(more));

  it.each([
    ['no bytes', '', []],
    ['blank lines only', '\n \t\n\r\n  ', []],
    ['any value a line', '1\n"a"\nnull\ntrue\n[]\n{"a":{}}', [1, 'a', null, true, [], { a: {} }]],
    ['blank lines, CRLF and a BOM', '\ufeff1\r\n\r\n \r\n\n2\r\n', [1, 2]],
    ['integers that a number rounds', '9007199254740993\n1e400', [9007199254740992, Infinity]],
    ['a key twice', '{"a":1,"a":2}', [{ a: 2 }]],
    ['white space around', ' { "a" : "é漢😀" } ', [{ a: 'é漢😀' }]],
  ])('reads %s, whatever chunkBytes', async (_, text, expected) => {
    const path = await write(text);
    for (const chunkBytes of [1, 2, 5, 1000]) expect(await rows(path, { chunkBytes })).toEqual(expected);
  });

  it('takes __proto__ for a key like any other', async () => {
    const path = await write('{"__proto__":{"admin":true},"constructor":1}');
    const [row] = (await rows(path)) as [object];
    expect(Object.keys(row)).toEqual(['__proto__', 'constructor']);
    expect(Object.getOwnPropertyDescriptor(row, '__proto__')?.value).toEqual({ admin: true });
    expect((row as { admin?: boolean }).admin).toBeUndefined();
    const mapped = jsonLines<object>(path).map((record) => Object.keys(record).join());
    expect(await mapped.first().run(options())).toBe('__proto__,constructor');
  });

  it('reads a compressed file', async () => {
    const path = await write(gzipSync(`${line(1)}\n\n${line(2)}\n`), '.jsonl.gz');
    expect(
      await jobs
        .total(path, 10)
        .toArray()
        .run(options({ chunkBytes: 1 })),
    ).toEqual([10, 20]);
    const bad = await write(gzipSync('1\nx\n'), '.jsonl.gz');
    expect(await caught(rows(bad))).toMatchObject({ name: 'SourceError', file: bad, line: 2, byte: 2 });
  });

  it('gives what the schema makes of a row, through other verbs and jobs too', async () => {
    const path = await write(`${line(1)}\n${line(2).replace('}', ',"note":"x","more":1}')}\n`);
    expect(await jobs.orders(path).toArray().run(options())).toEqual([
      { id: 1, price: 1, day, note: 'none' },
      { id: 2, price: 2, day, note: 'x' },
    ]);
    expect(
      await jobs
        .both(await write('7'), path)
        .toArray()
        .run(options()),
    ).toEqual([7, 2, 4]);
    expect(
      await jobs
        .evens(await write('2\n4'), 5)
        .toArray()
        .run(options()),
    ).toEqual([1, 2]);
  });

  it('rejects for a line that is no JSON, with its place and the words of the parser', async () => {
    const path = await write(`${'{"é":1}\n'.repeat(500)}{"a":\u001b}\n3\n`);
    const error = await caught(rows(path, { chunkBytes: 600 }));
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file: path, line: 501, byte: 4500 });
    const { message, cause } = error as SourceError;
    expect(message).toContain(`${path}:501 (byte 4500) is no JSON: Unexpected token`);
    expect(message).toMatch(/\('\{"a":\\+x1[bB]\}'\); mend the line, or leave it out with onError: 'skip'$/);
    expect(message).not.toContain('\u001b');
    expect(cause).toBeInstanceOf(SyntaxError);
    expect(message.length).toBeLessThan(path.length + 500);
  });

  it('rejects for a line that does not match the schema, with its issues', async () => {
    const path = await write(`${line(1)}\n{"id":"x","price":-1,"day":"2024"}\n`);
    const error = await caught(jobs.orders(path).count().run(options()));
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file: path, line: 2, byte: line(1).length + 1 });
    const { message, cause } = error as SourceError;
    expect(message).toMatch(
      /:2 \(byte \d+\) is no match for the schema: id: Invalid.*; price: Too small.* \('\{"id":"x",.*'\); mend the line/,
    );
    expect(cause).toMatchObject([{ path: ['id'] }, { path: ['price'] }]);
  });

  it('rejects with a message of bounded size', async () => {
    const error = await caught(
      jobs
        .verbose(await write(`"${'x'.repeat(1e6)}"`))
        .count()
        .run(options()),
    );
    expect((error as Error).message.length).toBeLessThan(3000);
    expect((error as Error).message).toMatch(
      /list\[0\]\["odd key"\]: \\x1b\[31mlong .*; and 995 more \('"xxx/,
    );
    expect((error as Error).cause).toHaveLength(100);
  });

  it('leaves bad lines out under skip, and says so', async () => {
    const path = await write(`${line(1)}\noops\n\n{"id":2}\n${line(3)}\n`);
    const seen: Progress[] = [];
    const reports: RunReport[] = [];
    const plan = jobs.total(path, 1).toArray();
    const result = await plan.run(
      options({
        onError: 'skip',
        chunkBytes: 10,
        progress: (now) => seen.push(now),
        report: (given) => reports.push(given),
      }),
    );
    expect(result).toEqual([1, 3]);
    expect(seen.at(-1)?.skipped).toBe(2);
    const [report] = reports;
    expect(report!.stages).toMatchObject([{ inputs: [['jsonLines', 'map']], sink: 'collect' }]);
    expect(report!.skipped.count).toBe(2);
    const [first, second] = report!.skipped.records;
    expect(first).toMatchObject({ verb: 'jsonLines', file: path, line: 2, preview: "'oops'" });
    expect(first!.error).toMatch(/^SourceError: no JSON: Unexpected token/);
    expect(second).toMatchObject({ verb: 'jsonLines', file: path, line: 4, byte: line(1).length + 7 });
    expect(second!.error).toMatch(/^SourceError: no match for the schema: price: .*; day: /);
  });

  it('leaves bad lines out before mapPartitions and keyed verbs, too', async () => {
    const path = await write('1\nx\n2\n"a\n3\n');
    const skip = options({ onError: 'skip', chunkBytes: 4 });
    const numbers = jsonLines<number>(path);
    expect(
      await numbers
        .sortBy((n) => -n)
        .toArray()
        .run(skip),
    ).toEqual([3, 2, 1]);
    expect(await numbers.reduce((a, b) => a + b).run(skip)).toBe(6);
    const sums = numbers.mapPartitions((all) => [[...all].reduce((a, b) => a + b, 0)]);
    expect(await sums.reduce((a, b) => a + b).run(skip)).toBe(6);
    const error = await caught(sums.count().run(options()));
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ file: path });
    expect(
      await numbers
        .mapAsync((n) => Promise.resolve(n))
        .toArray()
        .run(skip),
    ).toEqual([1, 2, 3]);
    expect(await numbers.take(2).run(skip)).toEqual([1, 2]);
  });

  it.each([1, 1000])(
    'rejects once there are more bad lines than maxSkipped, %d bytes a chunk',
    async (chunkBytes) => {
      const path = await write('x\n1\ny\n2\nz\n');
      const plan = jsonLines(path).count();
      expect(await plan.run(options({ onError: { maxSkipped: 3 }, chunkBytes }))).toBe(2);
      const error = await caught(plan.run(options({ onError: { maxSkipped: 2 }, chunkBytes })));
      expect(error).toBeInstanceOf(SourceError);
      expect(error).toMatchObject({ file: path, line: expect.any(Number) as unknown });
    },
  );

  it('treats what a function of the schema throws as that of any other function', async () => {
    const plans: [Dataset<unknown>, RegExp, unknown[]][] = [
      [jobs.bigInts(await write('"1"\n"b"\n"3"')), /SyntaxError: Cannot convert b to a BigInt/, [1n, 3n]],
      [jobs.evens(await write('2\n"throw"\n6'), 9), /RangeError: thrown/, [1, 3]],
    ];
    for (const [dataset, what, rest] of plans) {
      const error = await caught(dataset.toArray().run(options()));
      expect(error).toBeInstanceOf(TaskError);
      expect(error).toMatchObject({
        verb: 'jsonLines',
        line: 2,
        message: expect.stringMatching(what) as unknown,
      });
      const reports: RunReport[] = [];
      const skip = options({ onError: 'skip', report: (given) => reports.push(given) });
      expect(await dataset.toArray().run(skip)).toEqual(rest);
      expect(reports[0]!.skipped).toMatchObject({ count: 1, records: [{ verb: 'jsonLines', line: 2 }] });
      expect(reports[0]!.skipped.records[0]!.error).toMatch(what);
    }
  });

  it.each(['fail', 'skip', { maxSkipped: 1 }] as const)(
    'refuses an asynchronous schema at its first row, onError: %p',
    async (onError) => {
      const [one, two] = [await write('"x"\n1\n2\n3\n'), await write('2\n"never"\n4')];
      for (const dataset of [jobs.asynchronous(one), jobs.evens(two, 9)]) {
        const error = await caught(dataset.count().run(options({ onError })));
        if (onError === 'fail' && error instanceof SourceError) continue;
        expect(error).toBeInstanceOf(TaskError);
        expect(error).toMatchObject({ verb: 'jsonLines', line: 2 });
        expect((error as Error).message).toMatch(
          /TypeError: the schema is asynchronous, and jsonLines does not wait/,
        );
      }
    },
  );
});

it('gives the same rows for random texts and chunks', async () => {
  const texts = fc.array(fc.oneof(fc.json(), fc.constantFrom('', ' ', '\t')), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.constantFrom('\n', '\r\n'),
      fc.nat({ max: 300 }),
      async (lines, end, chunkBytes) => {
        const path = await write(lines.join(end));
        const expected = lines
          .filter((text) => text.trim() !== '')
          .map((text) => JSON.parse(text) as unknown);
        const options = shared.options(2, { chunkBytes: chunkBytes + 1 });
        expect(await jsonLines(path).toArray().run(options)).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

it('reads back what writeJsonLines has written', async () => {
  const path = await write('{"a":1}\n[2]\n');
  const { directory } = await jsonLines(path)
    .writeJsonLines(shared.fresh())
    .run(shared.options(2, { chunkBytes: 1 }));
  expect(await jsonLines(`${directory}/part-*`).toArray().run(shared.options(2))).toEqual([{ a: 1 }, [2]]);
});

it('goes on from a checkpoint, but not with another job, schema or none', async () => {
  const path = await write(`${line(1)}\n${line(2)}\n${line(3)}\noops\n`);
  const more = { checkpoint: shared.fresh(), chunkBytes: 10 };
  const options = shared.options(0, more);
  const plan = jobs.orders(path).count();
  expect(await caught(plan.run(options))).toBeInstanceOf(SourceError);
  const others = [jsonLines(path), jobs.verbose(path), jobs.orders(path).map(() => 1)];
  for (const other of others) {
    const error = await caught(other.count().run(options));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(
      /the number of functions is 0, it was 1|plan has other verbs|given to \w+ is another one/,
    );
  }
  expect(await plan.run({ ...options, onError: 'skip' })).toBe(3);
});

it('refuses to go on from a checkpoint whose job module has changed', async () => {
  const module = fixture(`changed-${process.pid}.job.mjs`);
  const text = await readFile(fixture('json-rows.job.mjs'), 'utf8');
  const path = await write(`${line(1)}\noops\n`);
  const options = shared.options(0, { checkpoint: shared.fresh(), chunkBytes: 10 });
  await writeFile(module, text);
  try {
    const { orders } = (await import(module)) as Jobs;
    expect(await caught(orders(path).count().run(options))).toBeInstanceOf(SourceError);
    await appendFile(module, '// z.number() is z.string() now\n');
    const error = await caught(
      orders(path)
        .count()
        .run({ ...options, onError: 'skip' }),
    );
    expect((error as Error).message).toMatch(/the job module .*changed-\d+\.job\.mjs has changed/);
  } finally {
    await rm(module);
  }
});
