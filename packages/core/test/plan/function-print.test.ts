import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { StandardSchema } from '../../src/checks/standard-schema.js';
import type { Callable } from '../../src/plan/callable.js';
import { callPrint, differenceOf, type CallPrint } from '../../src/plan/function-print.js';
import { ModuleText } from '../../src/plan/module-text.js';

type Fn = (...args: never[]) => unknown;

/** A module of this text, whose functions are those that its lines are. */
const TEXT = ['(d) => d.map(f)', '(n) => n + 1', '(n) => n + 2', '() => 0', '(a, b) => a + b'].join('\n');
const [build, plusOne, plusTwo, zero, add] = TEXT.split('\n').map(made) as [Fn, Fn, Fn, Fn, Fn];

let directory = '';
let text: ModuleText;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'function-print-'));
  const path = join(directory, 'module.mjs');
  await writeFile(path, TEXT);
  text = new ModuleText(pathToFileURL(path).href);
});
afterAll(() => rm(directory, { recursive: true }));

function made(source: string): Fn {
  return (0, eval)(source) as Fn;
}

/** A function that has this name and a text that the module does not have. */
function named(name: string): Fn {
  return Object.defineProperty(made('(n) => (count(), n + 1)'), 'name', { value: name });
}

const print = (callables: readonly (Callable | [string, Callable])[], builder = build): CallPrint =>
  callPrint(
    { text, build: builder },
    callables.map((given) =>
      Array.isArray(given) ? { verb: given[0], callable: given[1] } : { verb: 'map', callable: given },
    ),
  );

describe('what two processes have built', () => {
  it.each<[string, (Callable | [string, Callable])[], (Callable | [string, Callable])[]]>([
    ['the same', [plusOne, ['filter', plusTwo]], [plusOne, ['filter', plusTwo]]],
    ['made of the same text again', [plusOne], [made(String(plusOne))]],
    ['transformed on one side', [plusOne], [made('(n) => (count(), n + 1)')]],
    ['transformed on both', [made('(n) => (0, n + 1)')], [made('(n) => (count(), n + 1)')]],
    ['of another module, and of one name', [named('double')], [named('double')]],
    ['of names that a transform makes up', [named('default')], [named('__export_default__')]],
    ['aggregators', [{ zero, add, merge: add }], [{ zero, add, merge: add }]],
  ])('is the same where they are %s', (_, here, there) => {
    expect(differenceOf(print(here), print(there))).toBeUndefined();
  });

  it.each<[string, (Callable | [string, Callable])[], (Callable | [string, Callable])[], string]>([
    ['texts of the file', [plusOne, plusTwo], [plusOne, plusOne], 'function 2 is another one'],
    ['names', [named('double')], [named('triple')], 'function 1 is another one'],
    ['verbs', [['filter', plusOne]], [plusOne], 'function 1 is given to filter, not to map'],
    ['numbers', [plusOne], [plusOne, plusTwo], 'it hands over 1 function, not 2'],
    [
      'parameters',
      [zero],
      [plusOne],
      'function 1 is a function of 0 parameters, not a function of 1 parameter',
    ],
    [
      'methods',
      [{ zero, add, merge: add }],
      [{ zero, add, merge: add, finish: plusOne }],
      'function 1 is an aggregator of zero(0), add(2), merge(2), not an aggregator of zero(0), add(2), merge(2), finish(1)', // prettier-ignore
    ],
    [
      'texts of methods',
      [{ zero, add, merge: add, finish: plusOne }],
      [{ zero, add, merge: add, finish: plusTwo }],
      'function 1 is another one',
    ],
  ])('is not where they differ in %s, and it is said how', (_, here, there, difference) => {
    expect(differenceOf(print(here), print(there))).toBe(difference);
  });

  it('may have any names where the module is transformed', () => {
    const builder = made('(d) => d.map((0, f))');
    expect(differenceOf(print([named('a')], builder), print([named('b')]))).toBeUndefined();
  });

  it('has no texts where the file has changed since, or cannot be read', async () => {
    const path = join(directory, 'changing.mjs');
    const url = pathToFileURL(path).href;
    await writeFile(path, TEXT);
    const changing = new ModuleText(url);
    await writeFile(path, `${TEXT}\n`);
    expect(changing.own([String(plusOne)])).toEqual([undefined]);
    expect(new ModuleText('data:text/javascript,1').hash).toBeUndefined();
    expect(new ModuleText('data:text/javascript,1').own(['1'])).toEqual([undefined]);
    expect(
      new ModuleText(import.meta.url).own([readFileSync(new URL(import.meta.url), 'utf8')]),
    ).toHaveLength(1);
  });
});

describe('the print of a schema', () => {
  const make = (): z.ZodType =>
    z.object({ id: z.number(), day: z.date().default(() => new Date()), tags: z.array(z.string()) });

  it('is the same for a schema that is made anew, or was used before', () => {
    const schema = make();
    const before = print([schema]);
    schema.safeParse({ id: 1 });
    expect(print([schema])).toEqual(before);
    expect(print([make()])).toEqual(before);
  });

  it('differs from that of another library, and of a function', () => {
    const validate = (): { value: number } => ({ value: 1 });
    const schema = (vendor: string): StandardSchema => ({ '~standard': { version: 1, vendor, validate } });
    const shapes = [schema('a'), schema('b'), validate, make()].map(
      (given) => print([given]).functions[0]!.shape,
    );
    expect(new Set(shapes).size).toBe(4);
  });
});
