import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadRecord } from '../../../src/source/bad-record.js';
import { jsonRows } from '../../../src/source/json/json-rows.js';
import { RowFinder } from '../../../src/source/json/row-finder.js';
import { shapeOf } from '../../../src/source/json/row-shape.js';
import { fileReader } from '../../../src/source/readers/file-reader.js';
import { NO_RECORD } from '../../../src/source/source.js';
import { temporaryFiles } from '../temporary-files.js';
import { batchesOf, linesOf, rangesOf, wholeFile } from '../texts.js';

const { write } = temporaryFiles();

/** A row, or what is said of a line that has none. */
type Outcome = { readonly row: unknown; readonly text: string } | { readonly error: string };

/** Rows may be equal and yet have other keys, another order of them or another zero. */
function outcomeOf(parse: () => unknown): Outcome | typeof NO_RECORD {
  try {
    const row = parse();
    return row === NO_RECORD ? NO_RECORD : { row, text: JSON.stringify(row) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

const reference = jsonRows();

function expectedOf(text: Uint8Array): (Outcome | typeof NO_RECORD)[] {
  return linesOf(text).map((line) => outcomeOf(() => reference.parse!(line)));
}

/** What the reader makes of files of such texts, one after the other, in blocks of so many bytes, and how many rows it has found. */
async function read(
  texts: readonly Buffer[],
  { blockBytes = 64, chunkBytes = 1000, compress = false } = {},
): Promise<{ outcomes: (Outcome | typeof NO_RECORD)[][]; found: number; places: unknown[] }> {
  const reader = fileReader(jsonRows(undefined, { warmUp: 0, blockBytes }));
  let found = 0;
  const places: unknown[] = [];
  const outcomes: (Outcome | typeof NO_RECORD)[][] = [];
  for (const text of texts) {
    const stored = compress ? gzipSync(text) : text;
    const file = write(compress ? 'rows.jsonl.gz' : 'rows.jsonl', stored);
    const ranges = compress
      ? [wholeFile(file, stored.length, 'gzip')]
      : rangesOf(file, text.length, chunkBytes);
    const own: (Outcome | typeof NO_RECORD)[] = [];
    outcomes.push(own);
    for (const range of ranges) {
      for await (const batch of reader.read(range)) {
        const records = Array.from(batch.records);
        const rows = records.filter((record) => typeof record !== 'string').length;
        found += rows;
        if (batch.areParsed === true) expect(rows).toBe(records.length);
        for (const [i, record] of records.entries()) {
          places.push([batch.locate(i).line, batch.shown!(i)]);
          own.push(outcomeOf(() => reader.parse!(record)));
        }
      }
    }
  }
  return { outcomes, found, places };
}

/** The same for texts that are one block each, without files. */
function readBlocks(texts: readonly Buffer[]): (Outcome | typeof NO_RECORD)[][] {
  const reader = jsonRows(undefined, { warmUp: 0 });
  const take = reader.open(wholeFile('rows.jsonl', 1));
  return texts.map((bytes) => {
    if (bytes.length === 0) return [];
    const { records } = take({ bytes, at: 0 });
    return Array.from(records, (record) => outcomeOf(() => reader.parse!(record)));
  });
}

const key = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'user',
    'id',
    '1',
    '0',
    '__proto__',
    'constructor',
    'é',
    '漢',
    'a"b',
    '',
    'toJSON',
  ),
  fc.string({ maxLength: 6 }),
);
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -0,
    1,
    -1.5,
    'x',
    '',
    '\\',
    '"',
    'a\nb',
    'é',
    '漢字',
    '\u2028',
    '\0',
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 100),
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const value = fc.oneof(
  { arbitrary: scalar, weight: 6 },
  { arbitrary: fc.json().map((text): unknown => JSON.parse(text)), weight: 1 },
);

/** Objects with keys and values in them that a text has in this order. */
type Tree = readonly (readonly [string, Tree | null])[];

function treeOf(depth: number): fc.Arbitrary<Tree> {
  const nested: fc.Arbitrary<Tree | null> =
    depth === 0 ? fc.constant(null) : fc.option(treeOf(depth - 1), { freq: 2 });
  const entry = fc.tuple(
    key,
    fc.oneof({ arbitrary: fc.constant(null), weight: 5 }, { arbitrary: nested, weight: 1 }),
  );
  return fc.uniqueArray(entry, { minLength: 1, maxLength: 5, selector: ([name]) => name });
}

interface Spaces {
  readonly colon: string;
  readonly comma: string;
  readonly edge: string;
}

/** A line with values of a list at the places of a tree, from the first one on. */
function lineOf(of: Tree, values: readonly unknown[], { colon, comma, edge }: Spaces): string {
  let at = 0;
  const write = (each: Tree): string => {
    const entries = each.map(([name, nested]) => {
      const text = nested === null ? JSON.stringify(values[at++ % values.length]) : write(nested);
      return `${JSON.stringify(name)}${colon}${text}`;
    });
    return `{${entries.join(comma)}}`;
  };
  return `${edge}${write(of)}${edge}`;
}

const spaces: fc.Arbitrary<Spaces> = fc.record({
  colon: fc.constantFrom(':', ': ', ' :\t'),
  comma: fc.constantFrom(',', ', ', ' ,'),
  edge: fc.constantFrom('', '', ' '),
});
/** What is done to a line: nothing, as a rule. */
const damage = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 12 },
  {
    arbitrary: fc.record({
      at: fc.nat(200),
      cut: fc.nat(6),
      put: fc.constantFrom(
        '',
        '"',
        '\\',
        '{',
        '}',
        '[',
        ',',
        '0',
        '-',
        '.',
        'e5',
        'x',
        '\t',
        '\0',
        'true',
        '\ufeff',
      ),
    }),
    weight: 2,
  },
  { arbitrary: fc.constantFrom('', '  ', '[1,2]', '5', '"text"', 'null', '{}', '{"a":1,"a":2}'), weight: 1 },
);

const shapes = fc.array(fc.record({ tree: treeOf(2), spaces }), { minLength: 1, maxLength: 3 });
const rows = fc.array(
  fc.record({ shape: fc.nat(), values: fc.array(value, { minLength: 1, maxLength: 6 }), damage }),
  { minLength: 1, maxLength: 40 },
);

const files = fc
  .record({ shapes, rows, end: fc.constantFrom('\n', '\r\n'), isEnded: fc.boolean(), hasBom: fc.boolean() })
  .map(({ shapes: all, rows: given, end, isEnded, hasBom }) => {
    const lines = given.map(({ shape, values, damage: done }) => {
      const of = all[shape % all.length]!;
      const line = lineOf(of.tree, values, of.spaces);
      if (done === undefined) return line;
      if (typeof done === 'string') return done;
      const at = done.at % line.length;
      return line.slice(0, at) + done.put + line.slice(at + done.cut);
    });
    return Buffer.from(`${hasBom ? '\ufeff' : ''}${lines.join(end)}${isEnded ? end : ''}`);
  });

describe('rows of lines whose shape is known', () => {
  it('are what JSON.parse gives, for every line, block and range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(files, { minLength: 1, maxLength: 2 }),
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 20, max: 2000 }),
        async (texts, blockBytes, chunkBytes) => {
          const { outcomes } = await read(texts, { blockBytes, chunkBytes });
          expect(outcomes).toEqual(texts.map(expectedOf));
        },
      ),
      { numRuns: 120 },
    );
  });

  it('are so where bytes are broken anywhere', () => {
    const lines = Array.from(
      { length: 4 },
      (_, i) => `{"id": ${i}.5, "by": "ä${i % 3}\\n", "on": [${i % 2 === 0}]}\n`,
    );
    const text = Buffer.from(lines.join(''));
    for (let at = 0; at < text.length; at += 1) {
      const broken = [0, 10, 13, 34, 92, 44, 125, 48, 0xc3, 0xff].map((byte) => {
        const copy = Buffer.from(text);
        copy[at] = byte;
        return copy;
      });
      expect(readBlocks(broken)).toEqual(broken.map(expectedOf));
    }
  });

  it('are so where the text ends anywhere, in memory that another text was in', () => {
    const text = Buffer.from('\ufeff{"a":{"b":"text","c":[1]},"d":12,"e":true,"f":"x\\"y"}\n'.repeat(3));
    for (let end = 0; end <= text.length; end += 1) {
      const texts = [text, text.subarray(0, end), text];
      expect(readBlocks(texts)).toEqual(texts.map(expectedOf));
    }
  });

  it('are found, whatever the values are', async () => {
    const line = (n: number): string =>
      JSON.stringify({
        n,
        'a key': n % 2 === 0 ? `text ${n}` : null,
        in: { list: [n, { n }], x: n / 7 },
        e: {},
      });
    const text = Buffer.from(Array.from({ length: 500 }, (_, n) => `${line(n)}\n`).join(''));
    for (const compress of [false, true]) {
      const { outcomes, found, places } = await read([text], { blockBytes: 1000, compress });
      expect(outcomes).toEqual([expectedOf(text)]);
      expect(found).toBe(499);
      // Messages show lines as they were read.
      expect(places).toEqual(Array.from({ length: 500 }, (_, n) => [n + 1, line(n)]));
    }
  });

  it('are found where kinds of rows take turns, one has keys that another lacks, and kinds come and go', async () => {
    const kinds = [{ a: 1, b: 'x' }, { a: 1 }, { at: { x: 1.5 } }, { at: { y: 'z' } }];
    const line = (n: number): string => JSON.stringify(kinds[(n + (n >> 4)) % kinds.length]);
    const rare = Array.from({ length: 20 }, (_, n) => JSON.stringify({ [`rare ${n}`]: n }));
    const text = [...rare, ...Array.from({ length: 3000 }, (_, n) => line(n))].join('\n');
    const { outcomes, found } = await read([Buffer.from(text)], { blockBytes: 500, chunkBytes: 10_000 });
    expect(outcomes).toEqual([expectedOf(Buffer.from(text))]);
    expect(found).toBeGreaterThan(2600);
  });

  it('are no longer looked for where lines have no shape in common', async () => {
    const line = (n: number): string => JSON.stringify({ [`key ${n}`]: n });
    const text = Buffer.from(Array.from({ length: 3000 }, (_, n) => `${line(n)}\n`).join(''));
    const { outcomes, found } = await read([text], { blockBytes: 500, chunkBytes: 100_000 });
    expect(outcomes).toEqual([expectedOf(text)]);
    expect(found).toBe(0);
    const batches = await batchesOf(
      fileReader(jsonRows(undefined, { warmUp: 0, blockBytes: 500 })).read(
        wholeFile(write('none.jsonl', text), text.length),
      ),
    );
    // A batch that says nothing of hints is one of plain lines.
    expect(batches.at(-1)!.hints).toBeUndefined();
    expect(batches[0]!.hints).toBeDefined();
  });

  it('are not looked for in blocks of a very long line', () => {
    const reader = jsonRows(undefined, { warmUp: 0 });
    const take = reader.open(wholeFile('rows.jsonl', 1));
    const rows = Buffer.from('{"a":"x"}\n'.repeat(3));
    const long = Buffer.from(`{"a":"${'y'.repeat(2 ** 20)}"}\n`);
    expect(Array.from(take({ bytes: rows, at: 0 }).records).at(-1)).toEqual({ a: 'x' });
    const { records } = take({ bytes: long, at: 30 });
    expect(Array.from(records, (line) => reader.parse!(line))).toEqual([{ a: 'y'.repeat(2 ** 20) }]);
    expect(typeof records[0]).toBe('string');
  });

  it('are checked by a schema, each once', () => {
    let checked = 0;
    const validate = (row: unknown): { value: unknown } => ({ value: [(checked += 1), row] });
    const reader = jsonRows({ '~standard': { version: 1, vendor: 'test', validate } }, { warmUp: 0 });
    const file = write('checked.jsonl', '{"a":1}\n{"a":2}\n7\n{"a":3}\n');
    const batches = [
      ...(fileReader(reader).read(wholeFile(file, 26)) as Iterable<{ records: ArrayLike<unknown> }>),
    ];
    const records = batches.flatMap(({ records: of }) => Array.from(of));
    expect(batches).toMatchObject([{ areParsed: false }]);
    expect(records.map((read) => reader.parse!(read))).toEqual([
      [1, { a: 1 }],
      [2, { a: 2 }],
      [3, 7],
      [4, { a: 3 }],
    ]);
    expect(() => reader.parse!('{')).toThrow(BadRecord);
  });
});

describe('the shape of a line', () => {
  it('is what stands between its values', () => {
    expect(shapeOf(' {"a" : 1, "b":{"c":"x,}\\"]","d": [1,{"e":"]"}]},"f":{ } } ')).toEqual({
      root: [
        ['a', 0],
        [
          'b',
          [
            ['c', 1],
            ['d', 2],
          ],
        ],
        ['f', 3],
      ],
      slots: [
        { path: '"a"', kind: 'number' },
        { path: '"b""c"', kind: 'text' },
        { path: '"b""d"', kind: 'other' },
        { path: '"f"', kind: 'other' },
      ],
      literals: [' {"a" : ', ', "b":{"c":', ',"d": ', '},"f":', ' } '],
    });
  });

  it('is none of what is no object, has a key twice or is large', () => {
    for (const line of ['1', '[{"a":1}]', '"{}"', '{}', '{"a":1,"\\u0061":2}', '{"b":{"a":1,"a":2}}']) {
      expect(shapeOf(line)).toBeUndefined();
    }
    const keys = Array.from({ length: 65 }, (_, n) => [`k${n}`, n]);
    expect(shapeOf(JSON.stringify(Object.fromEntries(keys)))).toBeUndefined();
    expect(shapeOf(JSON.stringify(Object.fromEntries(keys.slice(1))))).toBeDefined();
    expect(shapeOf(JSON.stringify({ a: 'x'.repeat(20_000) }))).toBeUndefined();
    const deep = '{"a":'.repeat(2500) + '1' + '}'.repeat(2500);
    expect(shapeOf(deep)).toMatchObject({ slots: [{ path: '"a"'.repeat(16) }] });
    const text = Buffer.from(`${deep}\n`.repeat(3));
    expect(readBlocks([text, text])).toEqual([text, text].map(expectedOf));
  });
});

describe('a finder of rows', () => {
  const lineOf = (n: number): string => `{"key ${n}":"${n}"}`;
  const found = (finder: RowFinder, line: string): unknown => {
    finder.scanner.open(Buffer.from(`${line}\n`), 0);
    return finder.find();
  };

  it('learns a few shapes only, whatever it is given, so that its memory is bounded', () => {
    const finder = new RowFinder();
    for (let n = 0; n < 20_000; n += 1) finder.learn(lineOf(n));
    const known = Array.from({ length: 20_000 }, (_, n) => found(finder, lineOf(n))).filter(
      (row) => row !== undefined,
    );
    expect(known).toHaveLength(8);
    expect(found(finder, lineOf(19_968))).toBeUndefined();
  });

  it('gives up where most of what lines have are long texts, lists or texts that never repeat', () => {
    const lines: ((n: number) => object)[] = [
      (n) => ({ n, body: 'x'.repeat(500) }),
      (n) => ({ n, list: Array.from({ length: 50 }, (_, i) => i * n) }),
      (n) => ({ n, id: `${n} `.repeat(12) }),
    ];
    for (const make of lines) {
      const finder = new RowFinder();
      finder.learn(JSON.stringify(make(0)));
      for (let n = 0; n < 3000 && !finder.isUseless; n += 1) {
        const line = JSON.stringify(make(n));
        expect(found(finder, line)).toEqual(make(n));
        finder.judge(line.length + 1);
      }
      expect(finder.isUseless).toBe(true);
    }
  });

  it('does not give up for what comes once, nor for lines whose values are short or repeat', () => {
    const finder = new RowFinder();
    const make = (n: number): object => ({
      n,
      at: `2026-01-0${n % 9} of the year`,
      user: `u${n}`,
      paid: n % 2 === 0,
    });
    for (let n = 0; n < 20_000; n += 1) {
      const line = n > 2000 && n < 3000 ? lineOf(n) : JSON.stringify(make(n));
      if (found(finder, line) === undefined) finder.learn(line);
      finder.judge(line.length + 1);
    }
    expect(finder.isUseless).toBe(false);
    expect(found(finder, JSON.stringify(make(7)))).toEqual(make(7));
  });
});
