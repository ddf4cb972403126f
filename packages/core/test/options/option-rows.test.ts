import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type * as Zod from 'zod/v3';
import { OptionError } from '../../src/errors.js';
import { checkOptions, optionNames } from '../../src/options/check-options.js';
import { optionRows } from '../../src/options/option-rows.js';

const { z } = createRequire(import.meta.url)('zod/v3') as typeof Zod;

type Name = keyof typeof optionRows;
const names = Object.keys(optionRows) as Name[];

/** Texts as a command line may give them, with the values that they stand for; none where it can give none. */
const texts: { readonly [N in Name]: readonly (readonly [string, unknown])[] } = {
  processes: [
    ['0', 0],
    ['1024', 1024],
  ],
  chunkSize: [
    ['1', 1],
    ['1e6', 1e6],
  ],
  chunkBytes: [['65536', 65_536]],
  partitions: [['4096', 4096]],
  ordered: [
    ['true', true],
    ['false', false],
  ],
  bufferSize: [['8', 8]],
  retries: [['0', 0]],
  onError: [
    ['fail', 'fail'],
    ['skip', 'skip'],
    ['0', { maxSkipped: 0 }],
    ['12', { maxSkipped: 12 }],
  ],
  tasksPerProcess: [['1', 1]],
  timeout: [['30000', 30_000]],
  memoryLimit: [['16', 16]],
  signal: [],
  progress: [
    ['true', true],
    ['false', false],
  ],
  report: [['report.json', 'report.json']],
  permissions: [['true', true]],
  checkpoint: [['/kept', '/kept']],
  tmpDir: [['/tmp dir', '/tmp dir']],
  env: [],
  execArgv: [
    ['--import tsx', ['--import', 'tsx']],
    [' --a  --b ', ['--a', '--b']],
    ['', []],
  ],
  pool: [],
  engine: [],
  inspect: [['true', true]],
  profile: [['profiles', 'profiles']],
  shuffleMemory: [['1000', 1000]],
};

/** Texts that stand for no value of the option. */
const wrong: { readonly [N in Name]?: readonly string[] } = {
  ordered: ['', 'yes', '1', 'TRUE'],
  onError: ['', 'ignore', '-1', '1.5'],
  progress: ['', 'yes'],
  permissions: ['', '0'],
  inspect: ['', '0'],
  profile: [''],
  report: [''],
  checkpoint: [''],
  tmpDir: [''],
};
const integers: readonly Name[] = [
  'processes',
  'chunkSize',
  'chunkBytes',
  'partitions',
  'bufferSize',
  'retries',
  'tasksPerProcess',
  'timeout',
  'memoryLimit',
  'shuffleMemory',
];
const noIntegers = ['', ' ', '-1', '1.5', 'four', '4 MB', 'NaN', 'Infinity', '9007199254740993'];

const takes = (name: Name, value: unknown): boolean => optionRows[name].schema(z).safeParse(value).success;

describe('the row of an option', () => {
  it.each(names)('reads a text of a command line as a value that its check takes: %s', (name) => {
    const { fromText } = optionRows[name];
    expect(fromText === undefined).toBe(texts[name].length === 0);
    for (const [text, value] of texts[name]) {
      expect(fromText!(text)).toEqual(value);
      expect(takes(name, fromText!(text))).toBe(true);
    }
  });

  it.each(names)('reads any other text as what its check refuses: %s', (name) => {
    const { fromText } = optionRows[name];
    const refused = integers.includes(name) ? noIntegers : (wrong[name] ?? []);
    for (const text of refused) expect([text, takes(name, fromText!(text))]).toEqual([text, false]);
  });

  it('of a number takes what the rule says, and no more', () => {
    for (const name of integers) {
      const { rule, fromText } = optionRows[name];
      const [, from, to = String(Number.MAX_SAFE_INTEGER)] =
        /^an integer (?:from (\d+) to (\d+))$/.exec(rule) ?? /^an integer of at least (\d+)$/.exec(rule)!;
      fc.assert(
        fc.property(fc.integer({ min: Number(from), max: Number(to) }), (n) => {
          expect(fromText!(String(n))).toBe(n);
          expect(takes(name, n)).toBe(true);
        }),
        { numRuns: 20 },
      );
      for (const n of [Number(from) - 1, Number(to) + 1, Number(from) + 0.5])
        expect([name, n, takes(name, n)]).toEqual([name, n, false]);
    }
  });

  it('takes plainly what its check takes, and nothing else', () => {
    const odd = [
      undefined,
      null,
      NaN,
      -0,
      -1,
      0.5,
      2 ** 53,
      Infinity,
      '',
      'a\0b',
      'a',
      true,
      [],
      {},
      () => 1,
      5n,
    ];
    const things = [
      new AbortController().signal,
      { run: () => 1 },
      { run: () => 1, stream: () => 1 },
      { A: 'b' },
    ];
    let plain = 0;
    for (const name of names) {
      const { isPlain } = optionRows[name];
      const given = [...odd, ...things, ...texts[name].map(([, value]) => value)];
      fc.assert(
        fc.property(fc.oneof(fc.constantFrom<unknown>(...given), fc.anything()), (value) => {
          if (isPlain?.(value) !== true) return;
          plain += 1;
          expect([name, value, takes(name, value)]).toEqual([name, value, true]);
        }),
      );
    }
    expect(plain).toBeGreaterThan(names.length);
    for (const name of integers) expect(optionRows[name].isPlain!(texts[name][0]![1])).toBe(true);
  });

  it('says in words what it takes, what it does and what holds without it', () => {
    for (const name of names) {
      const { rule, doc, otherwise } = optionRows[name];
      for (const words of [rule, doc, otherwise]) expect(words).toMatch(/^\S(.*[^\s.])?$/);
      expect(rule).toMatch(/^(an? |')/);
    }
  });
});

describe('the check of options', () => {
  it('takes what the rows do, and fills in what is not given', () => {
    for (const name of names) {
      for (const [, value] of texts[name]) {
        const expected = name === 'tmpDir' ? resolve(value as string) : value;
        expect(checkOptions({ [name]: value })[name]).toEqual(expected);
      }
    }
    const defaults = { retries: 2, ordered: true, onError: 'fail', tmpDir: resolve(tmpdir()) };
    expect(checkOptions({})).toEqual({ ...defaults, processes: availableParallelism() });
    const nothing = Object.fromEntries(names.map((name) => [name, undefined]));
    expect(checkOptions(nothing)).toEqual(checkOptions({}));
    // An engine that is given settings may check them again.
    expect(checkOptions(checkOptions({ retries: 5 }))).toEqual(checkOptions({ retries: 5 }));
  });

  it('refuses a value in the words of its row', () => {
    for (const name of names) {
      const refused = name === 'progress' || name === 'report' ? 5 : -1;
      const check = (): unknown => checkOptions({ [name]: refused });
      expect(check).toThrow(OptionError);
      expect(check).toThrow(`Expected "${name}" to be ${optionRows[name].rule}, got ${refused} (number)`);
    }
  });

  it('names no option that users do not see', () => {
    expect(optionNames).toEqual(names.filter((name) => name !== 'shuffleMemory'));
    expect(() => checkOptions({ shuffleMemry: 1 } as never)).toThrow('Unknown option "shuffleMemry": ');
    expect(() => checkOptions({ shuffleMemry: 1 } as never)).not.toThrow('shuffleMemory');
    expect(() => checkOptions({ proceses: 1 } as never)).toThrow('did you mean "processes"?');
  });
});
