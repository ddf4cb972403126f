import { describe, expect, it } from '@jest/globals';
import { CombineTable } from '../../src/shuffle/combine/table.js';
import { TextFront } from '../../src/shuffle/keys/text-front.js';

describe('the front of an index', () => {
  it('has texts until most of those that are looked for are not there', () => {
    const [few, many] = [new TextFront(), new TextFront()];
    const look = (front: TextFront, text: string, record: number): number => {
      const found = front.find(text);
      if (found === 0) front.add(text, record);
      return found;
    };
    for (let i = 0; i < 10_000; i += 1) {
      look(few, `text ${i % 100}`, 1 + (i % 100));
      look(many, `text ${i}`, 1 + i);
    }
    expect(few.find('text 7')).toBe(8);
    expect(many.find('text 7')).toBe(0);
    few.clear();
    expect(few.find('text 7')).toBe(0);
  });

  it('leads to the same accumulators as the index itself, also when that was emptied', () => {
    const add = (count: number, one: number): number => count + one;
    const table = new CombineTable<number, number>(7, { create: (one) => one, add, merge: add });
    for (let round = 0; round < 2; round += 1) {
      const counts = new Map<string, number>();
      for (let i = 0; i < 20_000; i += 1) {
        const text = `${'x'.repeat(i % 17)}${(i * 7919) % 700}`;
        table.put(text, 1);
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
      expect([...table.batches(1000)].flat()).toEqual([...counts]);
      table.clear();
    }
    table.release();
  });
});
