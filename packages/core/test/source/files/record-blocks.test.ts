import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordBlocks } from '../../../src/source/files/record-blocks.js';

interface Given {
  readonly text: string;
  readonly blockBytes: number;
  readonly reuse: boolean;
  /** How many bytes come at a time, at most; the last one for all that is left. */
  readonly pieces: readonly number[];
}

/** The blocks of a text as they are handed over, and the bytes that were handed over. */
function blocksOf({ text, blockBytes, reuse, pieces }: Given): { texts: string[]; kept: Buffer[] } {
  const bytes = Buffer.from(text, 'latin1');
  const blocks = new RecordBlocks('/a', 0, { blockBytes, recordBytes: 1000, reuse });
  const [texts, kept] = [[] as string[], [] as Buffer[]];
  const take = (block: ReturnType<RecordBlocks['rest']>): void => {
    if (block === undefined) return;
    expect(block.at).toBe(texts.join('').length);
    texts.push(block.bytes.toString('latin1'));
    kept.push(block.bytes);
  };
  for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
    const { space } = blocks;
    expect(space.length).toBeGreaterThan(0);
    const length = Math.min(space.length, bytes.length - at, pieces[piece] ?? Infinity);
    bytes.copy(space, 0, at, at + length);
    at += length;
    take(blocks.add(length));
  }
  take(blocks.rest());
  return { texts, kept };
}

const given = fc.record({
  text: fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 200 }),
  blockBytes: fc.integer({ min: 1, max: 40 }),
  reuse: fc.boolean(),
  pieces: fc.array(fc.integer({ min: 1, max: 20 })),
});

describe('RecordBlocks', () => {
  it('gives all of the text in blocks of whole lines, whatever the pieces', () => {
    fc.assert(
      fc.property(given, (its) => {
        const { texts } = blocksOf(its);
        expect(texts.join('')).toBe(its.text);
        for (const text of texts.slice(0, -1)) expect(text.endsWith('\n')).toBe(true);
        expect(blocksOf({ ...its, pieces: [] }).texts).toEqual(texts);
      }),
    );
  });

  it('leaves blocks as they are where they are kept', () => {
    fc.assert(
      fc.property(given, (its) => {
        const { texts, kept } = blocksOf({ ...its, reuse: false });
        expect(kept.map((bytes) => bytes.toString('latin1'))).toEqual(texts);
      }),
    );
  });

  it('shares no memory with others where blocks are kept', () => {
    const { kept } = blocksOf({ text: 'a\nb\n', blockBytes: 4, reuse: false, pieces: [] });
    expect(kept.map(({ buffer }) => buffer.byteLength)).toEqual([4]);
  });

  it('uses the memory of a block again once the next one is asked for', () => {
    const { kept } = blocksOf({ text: 'a\nb\nc\n', blockBytes: 2, reuse: true, pieces: [] });
    expect(new Set(kept).size).toBe(1);
  });
});
