import fc from 'fast-check';

/**
 * Any code point, halves of surrogate pairs among them: a unit of texts. It is what fast-check calls `binary`, without
 * the table of all code points that fast-check would spend seconds on.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.integer({ min: 0, max: 0x10ffff }).map(
  (code) => String.fromCodePoint(code),
  (text) => {
    if (typeof text !== 'string' || Array.from(text).length !== 1) throw new TypeError('no character');
    return text.codePointAt(0)!;
  },
);
