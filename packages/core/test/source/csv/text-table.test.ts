import { describe, expect, it } from '@jest/globals';
import { TextTable } from '../../../src/source/csv/text-table.js';

const find = (table: TextTable, text: string, hash: number): string | undefined => {
  const bytes = Buffer.from(`ab${text}c`);
  return table.find(bytes, 2, bytes.length - 1, hash);
};
const add = (table: TextTable, text: string, hash: number): void => {
  const bytes = Buffer.from(text);
  table.add(text, bytes, 0, bytes.length, hash);
};

describe('a table of texts', () => {
  it('finds each text by its bytes, though all have one hash', () => {
    const table = new TextTable();
    const texts = Array.from({ length: 1000 }, (_, i) => `text ${i}`);
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
