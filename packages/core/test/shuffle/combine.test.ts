import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { combineReader } from '../../src/shuffle/combine/reader.js';
import { CombineWriter } from '../../src/shuffle/combine/writer.js';
import type { MapOutput } from '../../src/blocks/segment.js';
import { segmentsByBucket } from '../../src/blocks/segment.js';
import type { SpillPlace } from '../../src/blocks/spill-place.js';
import type { Combining } from '../../src/shuffle/combining.js';
import { findKey, oddKey, sameKey } from './odd-keys.js';
import { withTemporaryDirectory } from './temporary-io.js';

/** Associative but not commutative: it shows any change of order. */
const concatenate: Combining<string, string> = {
  create: (value) => value,
  add: (left, right) => left + right,
  merge: (left, right) => left + right,
};

/** What was folded with what, and in which turn. A single value is a number, so that kinds of accumulators are mixed. */
const tree: Combining<string, unknown> = {
  create: (value) => (value === 'a' ? 1 : [value]),
  add: (left, right) => ({ left, right }),
  merge: (left, right) => [left, right],
};

const sum: Combining<number, number> = { create: (v) => v, add: (a, v) => a + v, merge: (a, b) => a + b };

function mapAll<V, A>(
  tasks: readonly (readonly [unknown, V])[][],
  combining: Combining<V, A>,
  partitions: number,
  io: () => SpillPlace,
): MapOutput[] {
  return tasks.map((pairs) => {
    const writer = new CombineWriter(combining, partitions, io());
    for (const [key, value] of pairs) writer.add(key, value);
    return writer.finish();
  });
}

const task = fc.array(fc.tuple(oddKey, fc.constantFrom('a', 'b', 'c', 'd')), { maxLength: 30 });

describe('CombineWriter and combineReader', () => {
  it('give what one Map gives, for any chunks, budgets and buckets, and leave no file of the reader', () => {
    fc.assert(
      fc.property(
        fc.array(task, { maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(1, 300, 1000, 1e6),
        fc.constantFrom(1, 300, 1000, 1e6),
        fc.constantFrom(0, 200, 1e5),
        (tasks, partitions, mapMemory, reduceMemory, inline) =>
          withTemporaryDirectory((directory) => {
            const outputs = mapAll(tasks, concatenate, partitions, () =>
              directory.io({ memory: mapMemory, inline }),
            );
            const files = directory.files();
            const actual = segmentsByBucket(outputs, partitions).flatMap((segments) =>
              [...combineReader(concatenate, segments, directory.io({ memory: reduceMemory }))].flat(),
            );
            expect(directory.files()).toEqual(files);

            const keys: unknown[] = [];
            const texts: string[] = [];
            for (const [key, value] of tasks.flat()) {
              const found = findKey(keys, key);
              if (found >= 0) texts[found] = `${texts[found]}${value}`;
              else texts[keys.push(key) - 1] = value;
            }
            expect(actual.length).toBe(keys.length);
            expect(actual.filter(([key]) => Object.is(key, -0))).toEqual([]);
            expect(actual.map(([, text]) => text)).toEqual(actual.map(([key]) => texts[findKey(keys, key)]));
            if (partitions === 1 && mapMemory === 1e6 && reduceMemory === 1e6) {
              expect(actual.every(([key], i) => sameKey(key, keys[i]))).toBe(true);
            }
          }),
      ),
      { numRuns: 200 },
    );
  });

  it('give the same whether extents have a writer of their own or share one', () => {
    // What was learned of the sizes in one extent must not count in the next, though that began with an empty table.
    const first = [{}, {}].map((key): [unknown, string] => [key, 'a']);
    const others: [unknown, string][] = [[1n], 0, [['']], 1n, 'constructor'].map((key) => [key, 'd']);
    const second: [unknown, string][] = [[[1n], 'a'], ...others.slice(1), [{}, 'd'], [{}, 'a']];
    const examples: [[unknown, string][][], number, number, number][] = [[[first, second], 1, 1000, 300]];
    fc.assert(
      fc.property(
        fc.array(task, { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 100, 300, 1000, 1e6),
        fc.constantFrom(300, 1e6),
        (extents, partitions, mapMemory, reduceMemory) =>
          withTemporaryDirectory((directory) => {
            const io = (): SpillPlace => directory.io({ memory: mapMemory });
            const read = (outputs: MapOutput[]): string => {
              const buckets = segmentsByBucket(outputs, partitions).map((segments) =>
                [...combineReader(tree, segments, directory.io({ memory: reduceMemory }))].flat(),
              );
              return inspect(buckets, { depth: Infinity, maxArrayLength: Infinity });
            };
            const shared = new CombineWriter(tree, partitions, io());
            for (const pairs of extents) {
              for (const [key, value] of pairs) shared.add(key, value);
              shared.endExtent();
            }
            expect(read([shared.finish()])).toBe(read(mapAll(extents, tree, partitions, io)));
          }),
      ),
      { numRuns: 300, examples },
    );
  });

  it('give the same bits in the same order every time', () =>
    withTemporaryDirectory((directory) => {
      const tasks = Array.from({ length: 5 }, (_, t) =>
        Array.from({ length: 2000 }, (_, i) => [`k${(i * 3 + t) % 700}`, 1 / (i + t + 1)] as const),
      );
      const runOnce = (): unknown[] =>
        segmentsByBucket(
          mapAll(tasks, sum, 3, () => directory.io({ memory: 20_000 })),
          3,
        ).flatMap((segments) => [...combineReader(sum, segments, directory.io({ memory: 5000 }))].flat());
      const first = runOnce();
      expect(first.length).toBe(700);
      expect(runOnce()).toEqual(first);
    }));

  it('split a bucket over several levels when the memory is tiny', () =>
    withTemporaryDirectory((directory) => {
      const pairs = Array.from({ length: 20_000 }, (_, i) => [i, 1] as const);
      const outputs = mapAll([pairs, pairs], sum, 1, () => directory.io({ memory: 50_000 }));
      const reader = combineReader(
        sum,
        outputs.flatMap((o) => o.segments),
        directory.io({ memory: 10_000 }),
      );
      const mapFiles = directory.files().length;
      const first = reader.next().value!;
      expect(directory.files().length).toBeGreaterThan(mapFiles);
      const totals = [first, ...reader].flat().map(([, total]) => total);
      expect(totals).toEqual(pairs.map(() => 2));
      expect(directory.files().length).toBe(mapFiles);
    }));

  it('spill when accumulators grow, though keys are few', () =>
    withTemporaryDirectory((directory) => {
      const collect: Combining<number, number[]> = {
        create: (v) => [v],
        add: (a, v) => (a.push(v), a),
        merge: (a, b) => [...a, ...b],
      };
      const pairs = Array.from({ length: 20_000 }, (_, i) => [i % 3, i] as const);
      const [output] = mapAll([pairs], collect, 1, () => directory.io({ memory: 50_000, inline: 1e9 }));
      expect(output!.segments.length).toBeGreaterThan(2);
      expect(output!.segments.length).toBeLessThan(50);
      const result = new Map([...combineReader(collect, output!.segments, directory.io())].flat());
      expect(result.get(1)).toEqual(pairs.filter(([key]) => key === 1).map(([, value]) => value));
    }));

  it('keep output in memory up to `inline` bytes and write one file beyond', () =>
    withTemporaryDirectory((directory) => {
      const pairs = Array.from({ length: 1000 }, (_, i) => [`key-${i}`, i] as const);
      const [small] = mapAll([pairs], sum, 4, () => directory.io());
      expect(small!.spilledBytes).toBe(0);
      expect(small!.segments.every((s) => s.data?.length === s.length && s.file === undefined)).toBe(true);
      expect(directory.files()).toEqual([]);
      const [large] = mapAll([pairs], sum, 4, () => directory.io({ inline: 1000 }));
      expect(large!.spilledBytes).toBe(large!.bytes);
      expect(large!.bytes).toBe(small!.bytes);
      expect(large!.entries).toBe(1000);
      expect(directory.files().length).toBe(1);
      expect(large!.segments.map((s) => s.bucket)).toEqual([0, 1, 2, 3]);
    }));

  it('have no segment for an empty task', () =>
    withTemporaryDirectory((directory) => {
      const output = new CombineWriter(sum, 4, directory.io({ inline: 0 })).finish();
      expect(output).toEqual({ segments: [], entries: 0, bytes: 0, spilledBytes: 0 });
      expect([...combineReader(sum, [], directory.io())]).toEqual([]);
    }));

  it("remove the reader's files when it is returned early and when the user's merge throws", () =>
    withTemporaryDirectory((directory) => {
      const pairs = Array.from({ length: 1000 }, (_, i) => [i, 1] as const);
      const segments = mapAll([pairs, pairs], sum, 1, () => directory.io()).flatMap(
        (output) => output.segments,
      );
      const reader = combineReader(sum, segments, directory.io({ memory: 1000 }));
      reader.next();
      expect(directory.files()).not.toEqual([]);
      reader.return();
      expect(directory.files()).toEqual([]);
      const failing = {
        ...sum,
        merge: (): number => {
          throw new RangeError('no');
        },
      };
      expect(() => [...combineReader(failing, segments, directory.io({ memory: 1000 }))]).toThrow(RangeError);
      expect(directory.files()).toEqual([]);
    }));

  it('name the key whose accumulator cannot be serialized, and remove the file', () =>
    withTemporaryDirectory((directory) => {
      const keep: Combining<unknown, unknown> = { create: (v) => v, add: (_, v) => v, merge: (_, v) => v };
      const writer = new CombineWriter(keep, 1, directory.io({ inline: 0 }));
      writer.add('fine', 1);
      writer.add('bad', { handler: () => 1 });
      expect(() => writer.finish()).toThrow(/value\["bad"\]/);
      expect(directory.files()).toEqual([]);
    }));
});
