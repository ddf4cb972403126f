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

  const hints: Record<string, (place: number, i: number) => number> = {
    'that are right': (place) => 1 + place,
    'that are wrong': (_, i) => 1 + (i % 50),
    'that are the same for all': () => 3,
    'that become wrong': (place, i) => (i < 5000 ? 1 + place : 1 + (i % 700)),
    'that come now and then': (place, i) => (i % 3 === 0 ? 0 : 1 + place),
    'that are too large': (place) => 4000 + place,
  };

  it.each(Object.keys(hints))('leads to the same accumulators with hints %s', (which) => {
    const join = (left: number | string, right: number | string): number | string =>
      typeof left === 'number' && typeof right === 'number' ? left + right : `${left}${right}`.slice(-9);
    const table = new CombineTable<number | string, number | string>(7, {
      create: (one) => one,
      add: join,
      merge: join,
    });
    const all: [unknown, number | string][] = [];
    let joined = new Map<string, number | string>();
    for (let i = 0; i < 40_000; i += 1) {
      if (i % 15_000 === 14_999) {
        // What comes from here on is combined with nothing that came before.
        table.endExtent();
        all.push(...joined);
        joined = new Map();
      }
      const place = (i * 7919) % 400;
      const text = `${'x'.repeat(place % 17)}${place}`;
      // Accumulators are numbers at first, and then in part.
      const value = i > 9000 && place % 2 === 0 ? `+${i % 10}` : i % 10;
      table.put(text, value, hints[which]!(place, i));
      const before = joined.get(text);
      joined.set(text, before === undefined ? value : join(before, value));
    }
    expect([...table.batches(1000)].flat()).toEqual([...all, ...joined]);
    table.release();
  });

  it('believes no hints that are wrong, and a text only', () => {
    const front = new TextFront();
    for (let i = 0; i < 300; i += 1) front.add('a', 1);
    front.add('b', 2);
    const found = new Set<string>();
    for (let i = 0; i < 5000; i += 1) {
      found.add(`a ${front.find('a', 1 + (i % 2))}`);
      found.add(`b ${front.find('b', 1 + (i % 3))}`);
      found.add(`c ${front.find('c', 1 + (i % 2))}`);
    }
    expect([...found]).toEqual(['a 1', 'b 2', 'c 0']);
    front.clear();
    expect(front.find('a', 1)).toBe(0);
    expect(front.find('b', 2)).toBe(0);
  });
});
