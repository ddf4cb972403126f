import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupReader } from '../../src/shuffle/group/reader.js';
import { GroupWriter } from '../../src/shuffle/group/writer.js';
import type { MapOutput } from '../../src/blocks/segment.js';
import { segmentsByBucket } from '../../src/blocks/segment.js';
import type { SpillPlace } from '../../src/blocks/spill-place.js';
import { findKey, oddKey, sameKey } from './odd-keys.js';
import { withTemporaryDirectory } from './temporary-io.js';

type Row = readonly [key: unknown, tag: number, value: unknown];

function mapAll(
  tags: number,
  tasks: readonly (readonly Row[])[],
  partitions: number,
  io: () => SpillPlace,
): MapOutput[] {
  return tasks.map((rows) => {
    const writer = new GroupWriter(tags, partitions, io());
    for (const [key, tag, value] of rows) writer.add(key, tag, value);
    return writer.finish();
  });
}

/** One task of `count` rows: nine of ten belong to the key 'hot', the others to keys of their own. */
function hotRows(count: number): Row[] {
  return Array.from({ length: count }, (_, i): Row => [i % 10 === 3 ? `cold-${i}` : 'hot', 0, i]);
}

describe('GroupWriter and groupReader', () => {
  it('give what one Map of arrays gives, for any chunks, budgets, inputs and buckets', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 3 })
          .chain((tags) =>
            fc.tuple(
              fc.constant(tags),
              fc.array(fc.array(fc.tuple(oddKey, fc.nat(tags - 1)), { maxLength: 40 }), { maxLength: 6 }),
            ),
          ),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 300, 1000, 1e6),
        fc.constantFrom(1, 300, 1000, 1e6),
        fc.constantFrom(0, 1e5),
        ([tags, tasks], partitions, mapMemory, reduceMemory, inline) =>
          withTemporaryDirectory((directory) => {
            let serial = 0;
            const rows = tasks.map((task) => task.map(([key, tag]): Row => [key, tag, serial++]));
            const outputs = mapAll(tags, rows, partitions, () => directory.io({ memory: mapMemory, inline }));
            const files = directory.files();

            const keys: unknown[] = [];
            const expected: unknown[][][] = [];
            for (const [key, tag, value] of rows.flat()) {
              let at = findKey(keys, key);
              if (at < 0) {
                at = keys.push(key) - 1;
                expected.push(Array.from({ length: tags }, () => []));
              }
              expected[at]![tag]!.push(value);
            }
            const actual: unknown[] = [];
            const read: unknown[][][][] = [];
            for (const segments of segmentsByBucket(outputs, partitions)) {
              for (const [key, groups] of groupReader(
                tags,
                segments,
                directory.io({ memory: reduceMemory }),
              )) {
                actual.push(key);
                // An iterable can be read more than once while its group is current.
                read.push([1, 2].map(() => groups.map((values) => [...values])));
              }
            }
            const ofActual = actual.map((key) => expected[findKey(keys, key)]);
            expect(read).toEqual(ofActual.map((groups) => [groups, groups]));
            expect(actual.length).toBe(keys.length);
            if (partitions === 1 && mapMemory === 1e6 && reduceMemory === 1e6) {
              expect(actual.every((key, i) => sameKey(key, keys[i]))).toBe(true);
            }
            expect(directory.files()).toEqual(files);
          }),
      ),
      { numRuns: 200 },
    );
  });

  it('give the same in the same order whether extents have a writer of their own or share one', () => {
    const row = fc.tuple(
      oddKey,
      fc.nat(1),
      fc.oneof(fc.nat(9), fc.constantFrom<unknown>('text', { a: ['b'] }, [])),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(row, { maxLength: 20 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 300, 1000, 1e6),
        fc.constantFrom(1, 300, 1000, 1e6),
        (extents, partitions, mapMemory, reduceMemory) =>
          withTemporaryDirectory((directory) => {
            const io = (): SpillPlace => directory.io({ memory: mapMemory });
            const read = (outputs: MapOutput[]): string => {
              const buckets = segmentsByBucket(outputs, partitions).map((segments) => {
                const groups = groupReader(2, segments, directory.io({ memory: reduceMemory }));
                return Array.from(groups, ([key, values]) => [key, values.map((each) => [...each])]);
              });
              return inspect(buckets, { depth: Infinity, maxArrayLength: Infinity });
            };
            const shared = new GroupWriter(2, partitions, io());
            for (const rows of extents) {
              for (const [key, tag, value] of rows) shared.add(key, tag, value);
              shared.endExtent();
            }
            expect(read([shared.finish()])).toBe(read(mapAll(2, extents, partitions, io)));
          }),
      ),
      { numRuns: 300 },
    );
  });

  it('give arrays when the bucket fits the memory', () =>
    withTemporaryDirectory((directory) => {
      const [output] = mapAll(
        2,
        [
          [
            ['a', 0, 1],
            ['b', 1, 2],
            ['a', 0, 3],
          ],
        ],
        1,
        () => directory.io(),
      );
      const groups = [...groupReader(2, output!.segments, directory.io())];
      expect(groups).toEqual([
        ['a', [[1, 3], []]],
        ['b', [[], [2]]],
      ]);
      expect(groups.every(([, values]) => values.every(Array.isArray))).toBe(true);
    }));

  it('read a hot key from the disk, in bounded pieces, as often as it is asked for', () =>
    withTemporaryDirectory((directory) => {
      const count = 60_000;
      const rows = hotRows(count);
      const outputs = mapAll(1, [rows.slice(0, 25_000), rows.slice(25_000)], 1, () =>
        directory.io({ memory: 100_000, inline: 0 }),
      );
      const before = directory.files();
      const cold: [key: unknown, values: unknown[]][] = [];
      let largest = 0;
      for (const [key, [values]] of groupReader(
        1,
        outputs.flatMap((output) => output.segments),
        directory.io({ memory: 100_000 }),
      )) {
        if (key !== 'hot') {
          cold.push([key, [...values!]]);
          continue;
        }
        expect(Array.isArray(values)).toBe(false);
        for (let pass = 0; pass < 2; pass++) {
          let next = 0;
          for (const value of values!) {
            if (next % 10 === 3) next++;
            if (value !== next) throw new Error(`expected ${next}, got ${String(value)}`);
            next++;
          }
          largest = Math.max(largest, next);
        }
      }
      expect(largest).toBe(count);
      expect(cold).toHaveLength(count / 10);
      expect(cold.filter(([key, values]) => `cold-${values.join()}` !== key)).toEqual([]);
      expect(directory.files()).toEqual(before);
    }));

  it('find a key that gets hot only after the memory was full of others', () =>
    withTemporaryDirectory((directory) => {
      const rows = Array.from({ length: 30_000 }, (_, i): Row => [i < 5000 ? i : 'late', 0, i]);
      const [output] = mapAll(1, [rows], 1, () => directory.io({ memory: 50_000 }));
      const late: unknown[] = [];
      for (const [key, [values]] of groupReader(1, output!.segments, directory.io({ memory: 50_000 }))) {
        if (key === 'late') late.push(...values!);
      }
      expect(late).toEqual(Array.from({ length: 25_000 }, (_, i) => 5000 + i));
    }));

  it('deliver the small side of a hot key as an array, for joins', () =>
    withTemporaryDirectory((directory) => {
      const rows: Row[] = [
        ['hot', 0, 'left'],
        ...Array.from({ length: 20_000 }, (_, i): Row => ['hot', 1, i]),
      ];
      const [output] = mapAll(2, [rows], 1, () => directory.io());
      const [[key, [left, right]]] = groupReader(
        2,
        output!.segments,
        directory.io({ memory: 50_000 }),
      ) as never as [[unknown, Iterable<unknown>[]]];
      expect([key, left]).toEqual(['hot', ['left']]);
      expect(Array.isArray(right)).toBe(false);
    }));

  it('end the values of a group with an error when the next group is taken', () =>
    withTemporaryDirectory((directory) => {
      const rows = Array.from({ length: 20_000 }, (_, i): Row => [i % 2 === 0 ? 'even' : 'odd', 0, i]);
      const [output] = mapAll(1, [rows], 1, () => directory.io({ memory: 50_000 }));
      const reader = groupReader(1, output!.segments, directory.io({ memory: 50_000 }));
      const [, [values]] = reader.next().value!;
      const iterator = values![Symbol.iterator]();
      expect(iterator.next()).toEqual({ done: false, value: 0 });
      reader.next();
      expect(() => iterator.next()).toThrow('until the next group is taken');
      expect(() => [...values!]).toThrow('until the next group is taken');
      reader.return();
      expect(directory.files().length).toBe(1);
    }));

  it('survive any skew when every value overflows the memory', () =>
    withTemporaryDirectory((directory) => {
      const rows = Array.from({ length: 3000 }, (_, i): Row => [
        i % 3 === 0 ? 'hot' : i % 50,
        i % 2,
        'x'.repeat(50),
      ]);
      const [output] = mapAll(2, [rows], 1, () => directory.io({ inline: 1e9 }));
      let values = 0;
      for (const [, groups] of groupReader(2, output!.segments, directory.io({ memory: 1 }))) {
        for (const group of groups) values += [...group].length;
      }
      expect(values).toBe(3000);
      expect(directory.files()).toEqual([]);
    }));

  it('keep the values of mutable objects apart from later blocks', () =>
    withTemporaryDirectory((directory) => {
      const rows = Array.from({ length: 3000 }, (_, i): Row => [i % 2, 0, new Uint8Array(300).fill(i)]);
      const [output] = mapAll(1, [rows], 1, () => directory.io({ memory: 100_000 }));
      for (const [key, [values]] of groupReader(1, output!.segments, directory.io())) {
        const last = Array.from(values!, (value) => (value as Uint8Array)[299]);
        expect(last).toEqual(Array.from({ length: 1500 }, (_, i) => (2 * i + (key as number)) & 255));
      }
    }));

  it('name the key whose value cannot be serialized', () =>
    withTemporaryDirectory((directory) => {
      const writer = new GroupWriter(2, 1, directory.io());
      writer.add('fine', 0, 1);
      writer.add('fine', 1, 2);
      writer.add({ id: 7 }, 1, { handler: () => 1 });
      expect(() => writer.finish()).toThrow('value[{ id: 7 }].handler');
    }));
});
