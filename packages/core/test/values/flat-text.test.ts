import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { flatText } from '../../src/values/flat-text.js';
import { anyCharacter } from './any-character.js';

describe('flatText', () => {
  it.each([
    '',
    '0',
    '42',
    '4294967295',
    '-0',
    '__proto__',
    'constructor',
    'é',
    'Ω',
    '\ud800',
    'a long text with many characters',
  ])('gives %j back', (text) => {
    expect(flatText(text)).toBe(text);
    expect(flatText(`<${text}>`.slice(1, -1))).toBe(text);
  });

  it('gives any text back', () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => flatText(text) === text));
  });
});
