import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { counter, from, range, type Dataset, type RunReport } from '@forkfold/core';
import { caught, directories, fixture, harness } from './harness.js';

const place = directories(harness());

/** What the counters of a run say. */
function counters(): { report: (report: RunReport) => void; readonly seen: RunReport['counters'] } {
  let seen: RunReport['counters'] = {};
  return {
    report: (given) => (seen = given.counters),
    get seen() {
      return seen;
    },
  };
}

describe.each([0, 1, 2])('in %d processes', (processes) => {
  it('any function counts: inline, of a keyed verb, of an aggregator, of a fold, and in the parent', async () => {
    const counted = counters();
    await range(100)
      .map((n) => {
        counter('mapped').add();
        counter('sum').add(n);
        return [n % 3, n] as [number, number];
      })
      .aggregateByKey({
        zero: () => 0,
        add(total: number, n: number) {
          counter('added').add();
          return total + n;
        },
        merge: (a, b) => a + b,
      })
      .forEach(async () => {
        await Promise.resolve();
        counter('in the parent').add();
      })
      .run(place.options(processes, { chunkSize: 7, report: counted.report }));
    expect(counted.seen).toEqual({ mapped: 100, sum: 4950, added: 100, 'in the parent': 3 });
    await range(1000)
      .reduce((a, b) => {
        counter('calls').add();
        return a + b;
      })
      .run(place.options(processes, { chunkSize: 3, timeout: 60_000, report: counted.report }));
    expect(counted.seen).toEqual({ calls: 999 });
  });

  it('functions of a job count, also after they have waited', async () => {
    const counted = counters();
    const { counting } = (await import(fixture('counting.job.mjs'))) as {
      counting: (numbers: Dataset<number>) => Dataset<number>;
    };
    await counting(range(50))
      .count()
      .run(place.options(processes, { chunkSize: 10, report: counted.report }));
    expect(counted.seen).toEqual({ 'in a job': 1225, later: 50 });
  });

  it('each record counts once, where a task begins anew without one of its records', async () => {
    const counted = counters();
    await range(40)
      .map((n) => {
        counter('read').add();
        return n;
      })
      .sortBy((n) => {
        if (n === 17) throw new Error('no key');
        return -n;
      })
      .count()
      .run(place.options(processes, { chunkSize: 20, onError: 'skip', report: counted.report }));
    expect(counted.seen).toEqual({ read: 39 });
  });
});

it('two runs of one process count apart', async () => {
  const [one, other] = [counters(), counters()];
  const counting = (n: number) =>
    range(50)
      .mapAsync(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        counter('n').add();
      })
      .count()
      .run(place.options(0, { chunkSize: n, report: n === 5 ? one.report : other.report }));
  await Promise.all([counting(5), counting(7)]);
  expect([one.seen, other.seen]).toEqual([{ n: 50 }, { n: 50 }]);
});

it('each record counts once, whatever becomes of the attempts at its task', async () => {
  const counted = counters();
  const marker = join(place.root, 'marker');
  await from(Array.from({ length: 40 }, (_, n) => ({ n, marker })))
    .mapAsync(async ({ n, marker }) => {
      const { existsSync, writeFileSync } = await import('node:fs');
      counter('read').add();
      if (n !== 25 || existsSync(marker)) return n;
      writeFileSync(marker, '');
      return process.exit(3);
    })
    .count()
    .run(place.options(2, { chunkSize: 10, report: counted.report }));
  expect(existsSync(marker)).toBe(true);
  expect(counted.seen).toEqual({ read: 40 });
});

it('what a checkpoint gives counts', async () => {
  const counted = counters();
  const marker = join(place.root, 'marker');
  const plan = from(Array.from({ length: 20 }, (_, n) => ({ n, marker })))
    .mapAsync(async ({ n, marker }) => {
      const { existsSync } = await import('node:fs');
      if (n === 15 && !existsSync(marker)) throw new Error('not yet');
      counter('read').add();
      return n;
    })
    .count();
  const checkpoint = join(place.root, 'checkpoint');
  const options = place.options(1, { chunkSize: 5, checkpoint, report: counted.report });
  await expect(plan.run(options)).rejects.toThrow('not yet');
  writeFileSync(marker, '');
  await plan.run(options);
  expect(counted.seen).toEqual({ read: 20 });
});

it('a stream counts what its parts gave once', async () => {
  const counted = counters();
  const rows: number[] = [];
  const stream = range(3)
    .flatMap(function* (n) {
      const end = performance.now() + 600;
      const never = new Int32Array(new SharedArrayBuffer(4));
      while (performance.now() < end) {
        // The child sleeps, so that it gives some hundred records, and takes time from nobody.
        Atomics.wait(never, 0, 0, 1);
        counter('given').add();
        yield n;
      }
    })
    .stream(place.options(1, { chunkSize: 1, report: counted.report }));
  for await (const row of stream) rows.push(row);
  expect(rows.length).toBeGreaterThan(3);
  expect(counted.seen).toEqual({ given: rows.length });
});

it("a variable that is called counter is the user's own, and is not found", async () => {
  const counter = (n: number): number => n + 1;
  const error = await caught(
    range(3)
      .map((n) => counter(n))
      .count()
      .run(place.options(1)),
  );
  expect((error as Error).message).toContain('`counter` is not visible in the child process');
});
