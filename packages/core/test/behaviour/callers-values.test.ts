import { describe, expect, it } from '@jest/globals';
import {
  from,
  mapReduce,
  parallelMap,
  SerializationError,
  SourceError,
  type RunOptions,
} from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();

describe.each([0, 1, 2])('in %d processes', (processes) => {
  const options = (more?: RunOptions): RunOptions => shared.options(processes, more);

  describe('an identity', () => {
    it.each([
      ['a Map', new Map<string, number>()],
      ['a Map with an entry', new Map([['a', 1]])],
      ['an object', { words: {} }],
      ['an array of arrays', [[0], [0]]],
      ['a typed array', new Float64Array(2)],
      ['a Set', new Set([1])],
    ] as const)('that is %s is left alone, whatever the operation does to it', async (_, identity) => {
      const before = structuredClone(identity);
      const plan = from([identity, identity, identity])
        .map((record) => record as unknown)
        .reduce((a, b) => {
          // Both realms of a test have a Map of their own.
          const kind = Object.prototype.toString.call(a);
          if (kind === '[object Map]') (a as Map<unknown, unknown>).set((b as Map<unknown, unknown>).size, b);
          else if (kind === '[object Set]') (a as Set<number>).add((a as Set<number>).size + 1);
          else if (kind === '[object Array]') (a as number[][])[0]!.push(1);
          else if (kind === '[object Object]') (a as { words: Record<string, number> }).words.n = 1;
          else (a as Float64Array)[0]! += 1;
          return a;
        }, identity);
      const first = await plan.run(options());
      expect(identity).toEqual(before);
      expect(first).not.toBe(identity);
      expect(await plan.run(options())).toEqual(first);
      expect(identity).toEqual(before);
    });

    it('is not the result of no records', async () => {
      const identity = { n: 0 };
      const plan = from<{ n: number }>([]).reduce((a, b) => ({ n: a.n + b.n }), identity);
      const result = await plan.run(options());
      expect(result).toEqual({ n: 0 });
      result.n = 5;
      expect(await plan.run(options())).toEqual({ n: 0 });
    });

    it('keeps its value where it is none', async () => {
      const of = (identity: unknown): Promise<unknown> =>
        from<unknown>([])
          .reduce((a) => a, identity)
          .run(options());
      const symbol = Symbol.for('mine');
      for (const value of [0, -0, NaN, 1n, '', undefined, null, true, symbol])
        expect(await of(value)).toBe(value);
    });

    it('that cannot travel is refused', async () => {
      const plan = from<unknown>([]).reduce((a) => a, { fn: () => 1 });
      const error = await caught(plan.run(options()));
      expect(error).toBeInstanceOf(SerializationError);
      expect(String(error)).toMatch(/identity\.fn is a function/);
    });
  });

  describe('what is changed once a run has begun does not matter to it:', () => {
    const numbers = (): number[] => Array.from({ length: 3000 }, (_, n) => n);
    const doubled = numbers().map((n) => n * 2);

    it.each<[string, (batch: number[]) => void]>([
      ['emptied', (batch) => (batch.length = 0)],
      ['cut short', (batch) => batch.splice(1)],
      ['overwritten', (batch) => batch.fill(7)],
      ['lengthened', (batch) => batch.push(7)],
      ['sorted', (batch) => batch.sort((a, b) => b - a)],
    ])('an array that is %s', async (_, change) => {
      for (const wrap of [(batch: number[]) => batch, (batch: number[]) => () => batch]) {
        const batch = numbers();
        const run = from(wrap(batch))
          .map((n) => n * 2)
          .toArray()
          .run(options({ chunkSize: 10 }));
        if (wrap(batch) === batch) change(batch);
        else setImmediate(change, batch);
        expect(await run).toEqual(doubled);
      }
    });

    it('the items of parallelMap and mapReduce', async () => {
      const batch = numbers();
      const run = parallelMap(batch, (n) => n * 2, options());
      batch.length = 0;
      expect(await run).toEqual(doubled);
      const other = numbers();
      const counts = mapReduce(
        other,
        { map: (n) => [[n % 2, 1]] as [number, number][], reduce: (_, ones) => [...ones].length },
        options(),
      );
      other.length = 0;
      expect(await counts).toEqual(new Map([[0, 1500], [1, 1500]])); // prettier-ignore
    });

    it.each<[string, (bytes: Uint32Array) => unknown]>([
      ['written over', (bytes) => bytes.fill(7)],
      ['given away', (bytes) => structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] })],
    ])('a typed array that is %s', async (_, change) => {
      const bytes = Uint32Array.from(numbers());
      const run = from(bytes)
        .map((n) => n * 2)
        .toArray()
        .run(options({ chunkSize: 10 }));
      change(bytes);
      expect(await run).toEqual(doubled);
    });

    it('a Map and a Set that are cleared', async () => {
      const [map, set] = [new Map(numbers().map((n) => [n, n])), new Set(numbers())];
      const runs = [
        from(map).map(([key, value]) => key + value).toArray().run(options()),
        from(set).union(from(map).map(([key]) => key)).map((n) => n * 2).toArray().run(options()),
      ]; // prettier-ignore
      map.clear();
      set.clear();
      expect(await Promise.all(runs)).toEqual([doubled, [...doubled, ...doubled]]);
    });

    it('a stream that has been asked for its first record', async () => {
      const batch = numbers();
      const records = from(batch)
        .map((n) => n * 2)
        .stream(options({ chunkSize: 10, bufferSize: 1 }));
      const found = [(await records.next()).value];
      batch.length = 0;
      for await (const n of records) found.push(n);
      expect(found).toEqual(doubled);
    });
  });

  it('a typed array that was given away before is an error', async () => {
    const bytes = new Uint8Array(10);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    expect(await caught(from(bytes).count().run(options()))).toBeInstanceOf(SourceError);
  });

  it('each run sees an array as it is then', async () => {
    const batch = [1];
    const plan = from(batch).toArray();
    expect(await plan.run(options())).toEqual([1]);
    batch.push(2);
    expect(await plan.run(options())).toEqual([1, 2]);
  });
});
