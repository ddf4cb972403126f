import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeGlob, isGlob, parseGlob } from '../../../src/source/files/glob.js';

/** Whether a glob of one segment matches a name. */
async function matches(glob: string, name: string): Promise<boolean> {
  return (await parseGlob(glob)).some(([segment]) =>
    segment?.kind === 'name' ? segment.name === name : segment?.kind === 'pattern' && segment.matches(name),
  );
}

describe('a glob', () => {
  it.each([
    ['*.txt', ['a.txt', 'ä b.txt', '[x].txt'], ['.a.txt', 'a.txt.gz', 'txt']],
    ['a?c', ['abc', 'a😀c', 'a.c'], ['ac', 'abbc']],
    ['[abc]', ['a', 'c'], ['d', 'ab', '']],
    ['[a-c][!x-z]', ['aa', 'b-'], ['ax', 'da']],
    ['[^a]', ['b'], ['a']],
    ['[]x]', [']', 'x'], ['[']],
    ['[a-]', ['a', '-'], ['b']],
    ['[[:digit:]x]', ['7', 'x'], ['a']],
    ['[z-a]', [], ['z', 'a', 'm']],
    ['[', ['['], []],
    ['{a,b}.txt', ['a.txt', 'b.txt'], ['c.txt', '{a,b}.txt']],
    ['{a,{b,c}d}', ['a', 'bd', 'cd'], ['b', 'd']],
    ['{a}', ['{a}'], ['a']],
    ['x{,y}', ['x', 'xy'], ['y']],
    ['n{1..3}', ['n1', 'n2', 'n3'], ['n0', 'n4']],
    ['n{08..10}', ['n08', 'n09', 'n10'], ['n8']],
    ['@(a|b)c', ['ac', 'bc'], ['c', 'abc']],
    ['?(a)c', ['ac', 'c'], ['aac']],
    ['*(a|b)c', ['c', 'aabc'], ['xc']],
    ['+(a)', ['a', 'aaa'], ['']],
    ['!(a|b*)', ['c', 'ab'], ['a', 'b', 'bx']],
    ['!(*.log).txt', ['a.txt'], ['a.log.txt']],
    ['*.!(gz)', ['a.txt'], ['a.gz']],
    ['.*', ['.a'], ['a']],
    ['**x', ['x', 'yx'], []],
    ['\\*', ['*'], ['a']],
    ['\\{a,b\\}', ['{a,b}'], ['a']],
    ['a\\', ['a\\'], []],
  ])('%s', async (glob, those, others) => {
    for (const name of those) expect([name, await matches(glob, name)]).toEqual([name, true]);
    for (const name of others) expect([name, await matches(glob, name)]).toEqual([name, false]);
  });

  it('is escaped so that it means itself, whatever it is', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('/'));
    await fc.assert(fc.asyncProperty(name, async (text) => matches(escapeGlob(text), text)));
    await fc.assert(
      fc.asyncProperty(
        name,
        async (text) => (await matches(`${escapeGlob(text)}*`, `${text}.txt`)) || text.startsWith('.'),
      ),
    );
  });

  it('of any text means something', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.string().filter((name) => !name.includes('/')),
        async (glob, name) => typeof (await matches(glob, name)) === 'boolean',
      ),
    );
  });
});

it.each([
  ['a.txt', false],
  ['a b (1).txt', false],
  ['a]b}c', false],
  ['a!b+c@d', false],
  ['*.txt', true],
  ['a?', true],
  ['[x', true],
  ['{x', true],
  ['+(a)', true],
  ['a\\*', true],
])('whether %s is one: %p', (text, is) => {
  expect(isGlob(text)).toBe(is);
});
