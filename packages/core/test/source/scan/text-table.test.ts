import { describe, expect, it } from '@jest/globals';
import { TextTable } from '../../../src/source/scan/text-table.js';

/** The bytes of a text among others. */
const viewOf = (text: string): { view: DataView; length: number } => {
  const bytes = Uint8Array.from(Buffer.from(`ab${text}cdefghij`));
  return { view: new DataView(bytes.buffer), length: Buffer.byteLength(text) };
};
const find = (table: TextTable, text: string, hash: number): string | undefined => {
  const { view, length } = viewOf(text);
  const number = table.find(view, 2, length, hash);
  return number === 0 ? undefined : table.texts[number];
};
const add = (table: TextTable, text: string, hash: number): void => {
  const { view, length } = viewOf(text);
  table.add(text, view, { from: 2, length, hash });
};

describe('a table of texts', () => {
  it('finds each text by its bytes, though all have one hash', () => {
    const table = new TextTable();
    const texts = Array.from({ length: 1000 }, (_, i) => `text ${i}`.slice(-1 - (i % 8)) + i);
    for (const text of texts) add(table, text, 7);
    for (const text of texts) expect(find(table, text, 7)).toBe(text);
    expect(find(table, 'text', 7)).toBeUndefined();
    expect(find(table, 'text 1', 8)).toBeUndefined();
  });

  it('is useless where texts hardly repeat, and stays where they do', () => {
    const [rare, usual] = [new TextTable(), new TextTable()];
    for (let i = 0; i < 10_000; i += 1) add(rare, `text ${i}`, i);
    expect(rare.isUseless).toBe(true);
    for (let i = 0; i < 10_000; i += 1) {
      const text = `text ${i % 100}`;
      if (find(usual, text, i % 100) === undefined) add(usual, text, i % 100);
    }
    expect(usual.isUseless).toBe(false);
  });
});
