import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeUtf8 } from '../../../src/source/readers/decode-utf8.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const characters = ['a', 'b', '\n', '\0', '\x7f', '\x80', 'é', 'ÿ', 'Ā', '漢', '😀', '\ufeff', '\ufffd'];
const text = (most: number) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...characters.slice(0, most)),
        fc.nat(100).map((n) => 'x'.repeat(n)),
      ),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join(''));

describe('a text of UTF-8', () => {
  it.each([5, 8, characters.length])(
    'is what a TextDecoder makes of it, with the first %d characters',
    (most) => {
      fc.assert(
        fc.property(text(most), fc.nat(7), (given, offset) => {
          // A view of other memory, as blocks are.
          const bytes = Buffer.concat([Buffer.alloc(offset, 0xff), Buffer.from(given)]).subarray(offset);
          expect(decodeUtf8(bytes)).toBe(given);
        }),
        { numRuns: 2000 },
      );
    },
  );

  it('has U+FFFD for bytes that are none, as a TextDecoder has', () => {
    const byte = fc.constantFrom(
      0x00,
      0x61,
      0x80,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xc3,
      0xc4,
      0xe2,
      0xed,
      0xf0,
      0xf4,
      0xff,
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 20 }), (given) => {
        const bytes = Buffer.from(given);
        expect(decodeUtf8(bytes)).toBe(decoder.decode(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('may be long', () => {
    for (const part of ['é', 'abcdefgh'.repeat(8), 'é漢', 'é'.repeat(50) + 'x'.repeat(50)]) {
      const given = part.repeat((1 << 21) / part.length);
      expect(decodeUtf8(Buffer.from(given)) === given).toBe(true);
      const shorter = given.slice(0, 1 << 18);
      expect(decodeUtf8(Buffer.from(shorter)) === shorter).toBe(true);
    }
  });
});
