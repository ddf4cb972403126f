import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SerializationError, SourceError } from '../../src/errors.js';
import { planSort } from '../../src/shuffle/sort/plan-sort.js';
import type { MapOutput } from '../../src/blocks/segment.js';
import type { SpillPlace } from '../../src/blocks/spill-place.js';
import { compareKeys } from '../../src/shuffle/keys/sort-key.js';
import { sortReader } from '../../src/shuffle/sort/reader.js';
import type { SortPartition, SortSpec } from '../../src/shuffle/sort/spec.js';
import { SortWriter } from '../../src/shuffle/sort/writer.js';
import { nodeFs } from '../../src/blocks/spill-file.js';
import { sameKey } from './odd-keys.js';
import { alikeText, inOrder, sortableKey } from './sortable-keys.js';
import { withTemporaryDirectory } from './temporary-io.js';

type Row = readonly [key: unknown, record: unknown];

const ascending: SortSpec = { descending: false };

function mapAll(tasks: readonly (readonly Row[])[], spec: SortSpec, io: () => SpillPlace): MapOutput[] {
  return tasks.map((rows) => {
    const writer = new SortWriter(spec, io());
    for (const [key, record] of rows) writer.add(key, record);
    return writer.finish();
  });
}

function read(spec: SortSpec, partition: SortPartition, io: SpillPlace): unknown[] {
  return [...sortReader(spec, partition, io)].flatMap((records) => [...records]);
}

function expected(rows: readonly Row[], { descending }: SortSpec): unknown[] {
  const compare = (left: Row, right: Row): number =>
    descending ? compareKeys(right[0], left[0]) : compareKeys(left[0], right[0]);
  return [...rows].sort(compare).map(([, record]) => record);
}

describe('compareKeys', () => {
  it('orders all types as documented', () => {
    const keys = inOrder.flatMap((alike, place) => alike.map((key) => ({ key, place })));
    const pairs = keys.flatMap((a) => keys.map((b) => [a, b] as const));
    const wrong = pairs.filter(
      ([a, b]) => Math.sign(compareKeys(a.key, b.key)) !== Math.sign(a.place - b.place),
    );
    expect(wrong).toEqual([]);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(sortableKey, sortableKey, sortableKey, (a, b, c) => {
        expect(Math.sign(compareKeys(a, b)) + Math.sign(compareKeys(b, a))).toBe(0);
        if (compareKeys(a, b) <= 0 && compareKeys(b, c) <= 0)
          expect(compareKeys(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

const cycle: unknown[] = [];
cycle.push(cycle);

describe('SortWriter, planSort and sortReader', () => {
  it('give what a stable sort in memory gives, for any chunks, budgets and partitions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(sortableKey, { maxLength: 40 }), { maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(1, 300, 1000, 1e6),
        fc.constantFrom(0, 500, 1e5),
        (tasks, descending, partitions, memory, inline) =>
          withTemporaryDirectory((directory) => {
            let serial = 0;
            const rows = tasks.map((keys) => keys.map((key): Row => [key, serial++]));
            const outputs = mapAll(rows, { descending }, () => directory.io({ memory, inline }));
            const files = directory.files();
            const plan = planSort(outputs, partitions, { descending });
            expect(plan.length).toBeLessThanOrEqual(partitions);
            const actual = plan.flatMap((partition) =>
              read({ descending }, partition, directory.io({ memory })),
            );
            expect(actual).toEqual(expected(rows.flat(), { descending }));
            expect(directory.files()).toEqual(files);
          }),
      ),
      { numRuns: 200 },
    );
  });

  it('keep records of any kind with keys of any kind, each task with kinds of its own', () => {
    const key = fc.oneof(sortableKey, alikeText);
    const rows = fc.oneof(
      // Each its own key, as when lines are sorted.
      fc.array(alikeText.map((text): Row => [text, text])),
      fc.array(fc.tuple(alikeText, alikeText)),
      fc.array(fc.tuple(fc.double(), alikeText)),
      fc.array(fc.tuple(alikeText, fc.integer())),
      fc.array(fc.tuple(fc.date({ noInvalidDate: false }), fc.record({ a: fc.string(), b: fc.bigInt() }))),
      fc.array(
        fc.oneof(
          fc.tuple(key, fc.oneof(alikeText, fc.nat(), fc.constant(null))),
          alikeText.map((text): Row => [text, text]),
        ),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(rows, { maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(1, 300, 5000, 1e6),
        fc.constantFrom(1, 300, 5000, 1e6),
        (tasks, descending, partitions, memory, readerMemory) =>
          withTemporaryDirectory((directory) => {
            const outputs = mapAll(tasks, { descending }, () => directory.io({ memory }));
            const plan = structuredClone(planSort(outputs, partitions, { descending }));
            const actual = plan.flatMap((partition) =>
              read({ descending }, partition, directory.io({ memory: readerMemory })),
            );
            expect(actual).toEqual(expected(tasks.flat(), { descending }));
          }),
      ),
      { numRuns: 300 },
    );
  });

  it.each([1, 20_000, 1e6])(
    'sort lines, narrow and wide ones, in batches of a few, within %d bytes',
    (memory) =>
      withTemporaryDirectory((directory) => {
        const texts = Array.from({ length: 12_000 }, (_, i) => {
          const number = String((i * 7919) % 12_007).padStart(6, '0');
          return i % 1000 === 0 ? `${number} \u201cquoted\u201d` : number.repeat(1 + (i % 20));
        });
        const tasks = [texts.slice(0, 5000), texts.slice(5000, 5001), texts.slice(5001)];
        const outputs = mapAll(
          tasks.map((task) => task.map((text) => [text, text])),
          ascending,
          () => directory.io({ memory: Math.max(memory, 10_000) }),
        );
        const batches = planSort(outputs, 3, ascending).flatMap((partition) => [
          ...sortReader(ascending, partition, directory.io({ memory })),
        ]);
        expect(batches.flat()).toEqual([...texts].sort());
        expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(1024);
      }),
  );

  it('detect damage of a run', () =>
    withTemporaryDirectory((directory) => {
      const rows = Array.from({ length: 500 }, (_, i): Row => [`key ${i % 50}`, `record ${i}`]);
      const outputs = mapAll([rows], ascending, () => directory.io({ inline: 0 }));
      const [name] = directory.files();
      const path = join(directory.path, name!);
      const bytes = readFileSync(path);
      bytes[bytes.length >>> 1]! ^= 1;
      writeFileSync(path, bytes);
      const [partition] = planSort(outputs, 1, ascending);
      expect(() => read(ascending, partition!, directory.io())).toThrow(/is damaged at byte/);
    }));

  it('name the key of a record that cannot be serialized', () =>
    withTemporaryDirectory((directory) => {
      const writer = new SortWriter(ascending, directory.io());
      writer.add([2, 'b'], 'fine');
      writer.add([1, 'a'], { method: () => 1 });
      expect(() => writer.finish()).toThrow(/^value\[\[ ?1, 'a' ?\]\]\.method is a function/);
      expect(directory.files()).toEqual([]);
    }));

  it.each<[string, (i: number) => unknown]>([
    ['distinct keys', (i) => (i * 7919) % 40_000],
    ['sorted keys', (i) => i],
    ['texts', (i) => `name ${(i * 7919) % 40_000}`],
    ['one key only', () => 'same'],
    ['a hot key among others', (i) => (i % 10 < 7 ? 20_000 : i)],
  ])('parts %s into ranges of about equal size', (_, keyOf) =>
    withTemporaryDirectory((directory) => {
      const tasks = Array.from({ length: 20 }, (_, t) =>
        Array.from({ length: 2000 }, (_, i): Row => [keyOf(t * 2000 + i), t * 2000 + i]),
      );
      const outputs = mapAll(tasks, ascending, () => directory.io({ memory: 50_000 }));
      const plan = planSort(outputs, 8, ascending);
      const parts = plan.map((partition) => read(ascending, partition, directory.io()));
      expect(parts.flat()).toEqual(expected(tasks.flat(), ascending));
      expect(parts.length).toBe(8);
      for (const part of parts) {
        expect(part.length).toBeGreaterThan(4000);
        expect(part.length).toBeLessThan(6000);
      }
    }),
  );

  it('merge hundreds of runs in passes and remove their files', () =>
    withTemporaryDirectory((directory) => {
      const tasks = Array.from({ length: 300 }, (_, t) =>
        Array.from({ length: 30 }, (_, i): Row => [(t * 31 + i * 17) % 50, `${t}/${i}`]),
      );
      const outputs = mapAll(tasks, ascending, () => directory.io({ memory: 500 }));
      expect(outputs.flatMap(({ segments }) => segments).length).toBeGreaterThan(300);
      const files = directory.files();
      const parts = planSort(outputs, 2, ascending).map((partition) =>
        read(ascending, partition, directory.io()),
      );
      expect(parts.flat()).toEqual(expected(tasks.flat(), ascending));
      expect(directory.files()).toEqual(files);
    }));

  it('remove the files of a reader that is returned early', () =>
    withTemporaryDirectory((directory) => {
      const outputs = mapAll(
        Array.from({ length: 200 }, (_, t): Row[] => [[t, t]]),
        ascending,
        () => directory.io(),
      );
      const [partition] = planSort(outputs, 1, ascending);
      const reader = sortReader(ascending, partition!, directory.io());
      expect(reader.next().done).toBe(false);
      expect(directory.files().length).toBe(1);
      reader.return(undefined);
      expect(directory.files()).toEqual([]);
    }));

  it('remove the files of a reader whose disk is full', () =>
    withTemporaryDirectory((directory) => {
      const outputs = mapAll(
        Array.from({ length: 200 }, (_, t): Row[] => [[t, t]]),
        ascending,
        () => directory.io(),
      );
      const [partition] = planSort(outputs, 1, ascending);
      const write = (): number => {
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      };
      const io = directory.io({ fs: { ...nodeFs, write } });
      expect(() => [...sortReader(ascending, partition!, io)]).toThrow(SourceError);
      expect(directory.files()).toEqual([]);
    }));

  it('plan with plain data that survives the way to a child', () =>
    withTemporaryDirectory((directory) => {
      const tasks = [
        [
          [3n, 'c'],
          [null, 'n'],
        ],
        [
          [new Date(5), 'd'],
          [NaN, 'a'],
        ],
      ] as const;
      const outputs = structuredClone(mapAll(tasks, ascending, () => directory.io()));
      const plan: SortPartition[] = structuredClone(planSort(outputs, 2, ascending));
      const records = plan.flatMap((partition) => read(ascending, partition, directory.io()));
      expect(records).toEqual(['a', 'c', 'd', 'n']);
      expect(planSort([], 4, ascending)).toEqual([]);
    }));

  it('write a record that is its own key once', () =>
    withTemporaryDirectory((directory) => {
      const texts = Array.from({ length: 500 }, (_, i) => `text ${i % 90}`);
      const [alone] = mapAll([texts.map((text) => [text, text])], ascending, () => directory.io());
      const [both] = mapAll([texts.map((text) => [text, `${text}.`])], ascending, () => directory.io());
      expect(alone!.bytes).toBeLessThan(both!.bytes * 0.6);
      const [partition] = planSort([alone!], 1, ascending);
      expect(read(ascending, partition!, directory.io())).toEqual([...texts].sort());
    }));

  it.each<[string, unknown, string]>([
    ['an object', { a: 1 }, 'key'],
    ['a function inside', [1, [() => 1]], 'key[1][0]'],
    ['a symbol', Symbol('s'), 'key'],
    ['a Map', new Map(), 'key'],
    ['a cycle', cycle, 'key'],
  ])('refuse %s as a key, naming its path', (_, key, path) =>
    withTemporaryDirectory((directory) => {
      const writer = new SortWriter(ascending, directory.io());
      let error: unknown;
      try {
        writer.add(key, 1);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(SerializationError);
      expect((error as SerializationError).path).toBe(path);
      expect((error as Error).message).toMatch(/a sort key may be|refers to itself/);
    }),
  );

  it('keep a copy of a key that is changed later', () =>
    withTemporaryDirectory((directory) => {
      const writer = new SortWriter(ascending, directory.io());
      const key = [0];
      for (const number of [3, 1, 2]) {
        key[0] = number;
        writer.add(key, number);
      }
      const [partition] = planSort([writer.finish()], 1, ascending);
      expect(read(ascending, partition!, directory.io())).toEqual([1, 2, 3]);
      expect(sameKey(key, [2])).toBe(true);
    }));
});
