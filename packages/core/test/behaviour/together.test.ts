import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  count,
  counter,
  from,
  max,
  mean,
  OptionError,
  range,
  TaskError,
  textLines,
  together,
  type CounterValues,
  type RunOptions,
} from '@forkfold/core';
import { begun, planFrom, plansTogether } from '../engines/plans.js';
import { pipeEngine } from '../engines/pipe-engine.js';
import { expectSame } from '../values/expect-same.js';
import { caught, directories, harness } from './harness.js';

const shared = harness();
const places = directories(shared);

const rows = range(300).map((n) => {
  counter('mapped').add(1);
  return { url: `/${n % 7}`, latency: 1 / (n + 1), n };
});
const plansOf = () => ({
  total: rows.count(),
  sum: rows.map(({ latency }) => latency).reduce((a, b) => a + b),
  byUrl: rows
    .groupBy('url')
    .aggregate({ n: count, mean: mean('latency'), worst: max('n') })
    .toMap(),
  top: rows.countByValue().top(1, ([, n]) => n),
  first: rows.filter(({ n }) => n > 120).take(3),
  sorted: rows.map(({ latency }) => latency).sortBy((x) => x).take(2), // prettier-ignore
  halves: rows.mapPartitions((all) => [[...all].length]).toArray(),
  later: rows.filter(({ n }) => n % 100 === 0).mapAsync(async ({ n }) => Promise.resolve(n)).toArray(), // prettier-ignore
});

describe.each([0, 2])('together, in %d processes', (processes) => {
  const options = (more: RunOptions = {}): RunOptions =>
    places.options(processes, { chunkSize: 30, ...more });

  it.each([undefined, 1])('gives what each plan gives alone, with a budget of %s bytes', async (budget) => {
    shared.budget = budget;
    const plans = plansOf();
    const all = await together(plans).run(options());
    for (const [name, plan] of Object.entries(plans)) {
      expectSame(all[name as keyof typeof all], await plan.run(options()));
    }
    shared.budget = undefined;
  });

  it('reads and maps what is common once', async () => {
    let report = { counters: {} as CounterValues, stages: [] as readonly { readonly recordsIn: number; readonly beside?: number }[] }; // prettier-ignore
    await together(plansOf()).run(options({ report: (given) => (report = given) }));
    expect(report.counters['mapped']).toBe(300);
    const [scan, ...others] = report.stages;
    expect(scan!.recordsIn).toBe(300);
    expect(others.filter(({ beside }) => beside === 0).map(({ recordsIn }) => recordsIn)).toEqual(Array(7).fill(0)); // prettier-ignore
  });

  it('shares what plans have in common behind a keyed verb, and among some of them', async () => {
    const counts = from(['a', 'b', 'a', 'c', 'b', 'a']).countByValue();
    const seen = counts.map((pair) => {
      counter('pairs').add(1);
      return pair;
    });
    let counters: CounterValues = {};
    const plan = together({
      top: seen.top(1, ([, n]) => n),
      texts: seen.map(([text]) => text).sortBy((text) => text).toArray(), // prettier-ignore
      total: counts.map(([, n]) => n).reduce((a, b) => a + b),
    });
    const found = await plan.run(options({ report: (given) => (counters = given.counters) }));
    expect(found).toEqual({ top: [['a', 3]], texts: ['a', 'b', 'c'], total: 6 });
    expect(counters['pairs']).toBe(3);
  });

  it('gives any plans their results to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(plansTogether, async ({ common, plans, options: cut }) => {
        const start = begun(common);
        const made = Object.fromEntries(plans.map((plan, i) => [`p${i}`, planFrom(start, plan)]));
        const all = await together(made).run(options(cut));
        for (const [name, plan] of Object.entries(made)) {
          expectSame(all[name], await plan.run(options(cut)));
        }
      }),
      { numRuns: 8 },
    );
  });

  it('ends a source early once every plan has what it wants', async () => {
    let returned = false;
    async function* endless() {
      try {
        for (let n = 0; ; n += 1) yield await Promise.resolve(n);
      } finally {
        returned = true;
      }
    }
    const numbers = from(endless());
    const plan = together({ even: numbers.filter((n) => n % 2 === 0).take(3), first: numbers.first() });
    expect(await plan.run(options())).toEqual({ even: [0, 2, 4], first: 0 });
    expect(returned).toBe(true);
  });

  it('goes on with the others when one has what it wants, and fails only for what is needed', async () => {
    const fussy = range(200).map((n) => n);
    const plan = together({
      few: fussy.map((n) => { if (n > 100) throw new Error(`no ${n}`); return n; }).take(5),
      all: fussy.count(),
    }); // prettier-ignore
    expect(await plan.run(options())).toEqual({ few: [0, 1, 2, 3, 4], all: 200 });
    const many = together({
      many: fussy.map((n) => { if (n > 100) throw new Error(`no ${n}`); return n; }).take(150),
      all: fussy.count(),
    }); // prettier-ignore
    const error = await caught(many.run(options()));
    expect(error).toBeInstanceOf(TaskError);
    expect((error as Error).message).toContain('no 101');
  });

  it('leaves a record out of the plan whose function throws, and of no other', async () => {
    const numbers = range(100).map((n) => n);
    const odd = numbers.map((n) => { if (n % 10 === 0) throw new Error('tens'); return n; }); // prettier-ignore
    const plan = together({
      odd: odd.count(),
      sum: numbers.aggregate({
        zero: () => 0,
        add: (total, n) => { if (n === 55) throw new Error('55'); return total + n; },
        merge: (a, b) => a + b,
      }),
      all: numbers.toArray(),
    }); // prettier-ignore
    let skipped = 0;
    const found = await plan.run(options({ onError: 'skip', report: (given) => (skipped = given.skipped.count) })); // prettier-ignore
    expect(found.odd).toBe(90);
    expect(found.sum).toBe(4950 - 55);
    expect(found.all).toHaveLength(100);
    expect(skipped).toBe(11);
  });

  it('calls forEach in order, folds what is empty, and makes an error of what cannot be', async () => {
    const seen: number[] = [];
    const none = range(50).filter((n) => n > 90);
    const found = await together({
      each: none.forEach(() => seen.push(-1)),
      zero: none.reduce((a, b) => a + b, 0),
      first: none.first(),
    }).run(options());
    expect(found).toEqual({ each: undefined, zero: 0, first: undefined });
    expect(seen).toEqual([]);
    const error = await caught(
      together({ n: none.count(), sum: none.reduce((a, b) => a + b) }).run(options()),
    );
    expect((error as Error).name).toBe('EmptyReduceError');
  });

  it('writes to several directories, all or none of them', async () => {
    const numbers = range(100).map((n) => ({ n, half: n % 2 }));
    const to = (name: string): string => join(places.root, name);
    const plans = {
      lines: numbers.map(({ n }) => n).writeText(to('lines')),
      csv: numbers.writeCsv(to('csv'), { partitionBy: 'half' }),
      one: numbers.writeJsonLines(to('one'), { single: true }),
      n: numbers.count(),
    };
    const { lines, csv, one } = await together(plans).run(options());
    expect([lines.records, csv.records, one.records]).toEqual([100, 100, 100]);
    await numbers.map(({ n }) => n).writeText(to('alone')).run(options()); // prettier-ignore
    for (const name of await readdir(to('alone'))) {
      expect(await readFile(join(to('lines'), name), 'utf8')).toBe(await readFile(join(to('alone'), name), 'utf8')); // prettier-ignore
    }
    expect(one.files).toHaveLength(1);
    const failing = together({
      lines: numbers.map(({ n }) => n).writeText(to('never')),
      bad: numbers.map(() => { throw new Error('bad'); }).count(),
    }); // prettier-ignore
    expect(await caught(failing.run(options()))).toBeInstanceOf(TaskError);
    expect(existsSync(to('never'))).toBe(false);
  });

  it('goes on from a checkpoint', async () => {
    const input = join(places.root, 'in');
    await mkdir(input);
    for (const n of [1, 2, 3, 4]) await writeFile(join(input, `${n}.txt`), `${n}\n${n * 10}\n`);
    const lines = textLines(`${input}/*.txt`).withSeed(1, (line) => Number(line));
    const plan = together({
      sum: lines.reduce((a, b) => a + b),
      all: lines.sortBy((n) => -n).toArray(),
      few: lines.take(2),
      written: lines.writeText(join(places.root, 'out')),
    });
    const checkpoint = join(places.root, 'checkpoint');
    const stop = new AbortController();
    const stopped = plan.run(
      options({ checkpoint, signal: stop.signal, chunkSize: undefined, progress: ({ chunks }) => { if (chunks >= 2) stop.abort(new Error('stop')); } }),
    ); // prettier-ignore
    expect((await caught(stopped) as Error).message).toBe('stop'); // prettier-ignore
    let restored = 0;
    const found = await plan.run(
      options({ checkpoint, chunkSize: undefined, report: (given) => (restored = given.restored.tasks) }),
    );
    expect(restored).toBeGreaterThan(0);
    expect(found.sum).toBe(110);
    expect(found.all).toEqual([40, 30, 20, 10, 4, 3, 2, 1]);
    expect(found.few).toEqual([1, 10]);
    expect(found.written.records).toBe(8);
    expect(existsSync(checkpoint)).toBe(false);
  });
});

it('counts once what a child that dies has mapped', async () => {
  const marker = shared.fresh();
  const mortal = from(Array.from({ length: 40 }, (_, n) => ({ n, marker }))).mapAsync(
    async ({ n, marker: file }) => {
      counter('seen').add(1);
      const { existsSync: isThere, writeFileSync } = await import('node:fs');
      if (n === 20 && !isThere(file)) {
        writeFileSync(file, '');
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => undefined);
      }
      return n;
    },
  );
  let counters: CounterValues = {};
  const plan = together({ sum: mortal.reduce((a, b) => a + b), all: mortal.distinct().count() });
  const options = shared.options(2, { chunkSize: 4, report: (given) => (counters = given.counters) });
  expect(await plan.run(options)).toEqual({ sum: 780, all: 40 });
  expect(counters['seen']).toBe(40);
});

it('refuses plans without a beginning in common, and what is no plan', async () => {
  const apart = together({ a: range(3).count(), b: range(3).count() });
  const error = await caught(apart.run());
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toContain('a, b, have no beginning that is read once: name the dataset');
  expect(await caught(apart.explain())).toBeInstanceOf(OptionError);
  expect(() => together({})).toThrow('Expected "plans" to be an object of plans');
  expect(() => together({ a: 3 as never })).toThrow(OptionError);
  expect(() => together({ a: apart as never })).toThrow(OptionError);
  const rest = range(3).map((n) => n);
  expect(() => together({ a: rest.writeText('out'), b: rest.writeText('out/b') })).toThrow(
    'give each a directory of its own',
  );
});

it('refuses an async iterable of flatMap where plans have parted', async () => {
  const numbers = range(3).map((n) => n);
  const plan = together({ a: numbers.flatMap(async function* (n) { yield await Promise.resolve(n); }).count(), n: numbers.count() }); // prettier-ignore
  const error = await caught(plan.run(shared.options(1)));
  expect((error as Error).message).toContain('the plans of together part before it');
  const before = numbers.flatMap(async function* (n) { yield await Promise.resolve(n); }); // prettier-ignore
  expect(await together({ n: before.count(), all: before.toArray() }).run(shared.options(1))).toEqual({ n: 3, all: [0, 1, 2] }); // prettier-ignore
});

it('is explained stage by stage, and shown in a line', async () => {
  const plan = together({ n: rows.count(), byUrl: rows.groupBy('url').aggregate({ n: count }).toMap() });
  const { stages } = await plan.explain();
  expect(stages.map(({ plans, beside }) => ({ plans, beside }))).toEqual([
    { plans: ['n'], beside: undefined },
    { plans: ['byUrl'], beside: 0 },
    { plans: ['byUrl'], beside: undefined },
  ]);
  expect(String(await plan.explain())).toContain('stage 2 of byUrl: in the pass of stage 1');
});

it('runs one plan after the other on another engine, whatever their names', async () => {
  const engine = pipeEngine();
  const { total, byUrl } = plansOf();
  const plans = { total, ['__proto__']: byUrl, constructor: total };
  try {
    const here = await together(plans).run(shared.options(1));
    expect(Object.keys(here)).toEqual(['total', '__proto__', 'constructor']);
    expect(Object.getPrototypeOf(here)).toBe(Object.prototype);
    expect(Object.entries(here)).toEqual([
      ['total', 300],
      ['__proto__', await byUrl.run(shared.options(1))],
      ['constructor', 300],
    ]);
    expect(Object.entries(await together(plans).run({ engine }))).toEqual(Object.entries(here));
  } finally {
    await engine.close();
  }
});
