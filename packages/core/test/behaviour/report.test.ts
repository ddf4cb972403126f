import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { from, OptionError, range, TaskError, textLines, type RunReport } from '@forkfold/core';
import { caught, directories, harness, script } from './harness.js';

const place = directories(harness());
const { options } = place;
let [root, tmpDir] = ['', ''];
beforeEach(() => {
  ({ root, tmpDir } = place);
});

/** Collects reports, and tells what was there when each was given. */
function reports(): { given: RunReport[]; left: number[]; report: (report: RunReport) => Promise<void> } {
  const [given, left]: [RunReport[], number[]] = [[], []];
  return {
    given,
    left,
    async report(report) {
      given.push(report);
      left.push((await readdir(tmpDir)).length);
    },
  };
}

describe.each([0, 1, 2])('in %d processes', (processes) => {
  it('tells what each stage did', async () => {
    const { given, left, report } = reports();
    await range(1000)
      .filter((n) => n % 2 === 0)
      .map((n) => [n % 7, 1] as [number, number])
      .reduceByKey((a, b) => a + b)
      .mapValues((n) => n * 2)
      .toArray()
      .run(options(processes, { chunkSize: 100, partitions: 3, report }));
    expect(given).toHaveLength(1);
    expect(left).toEqual([0]);
    expect(given[0]).toMatchObject({
      outcome: 'ok',
      processes,
      stages: [
        {
          inputs: [['range', 'filter', 'map']],
          sink: 'reduceByKey',
          chunks: 10,
          recordsIn: 1000,
          recordsOut: 500,
        },
        { inputs: [['reduceByKey', 'mapValues']], sink: 'collect', recordsIn: 7, recordsOut: 7 },
      ],
      attempts: { retries: 0, crashes: 0, timeouts: 0 },
      temporaryDisk: { peakBytes: 0, totalBytes: 0 },
      skipped: { count: 0, records: [] },
    });
    const { start, end, seconds, stages, attempts, memory, error } = given[0]!;
    expect(error).toBeUndefined();
    expect(Date.parse(end) - Date.parse(start)).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeGreaterThan(0);
    expect(stages[0]!.bytes).toBeGreaterThan(0);
    expect(attempts.total).toBeGreaterThanOrEqual(4);
    expect(memory.parentPeakBytes).toBeGreaterThan(2 ** 20);
    expect(memory.childPeakBytes > 2 ** 20).toBe(processes > 0);
  });

  it('is fit for JSON', async () => {
    const { given, report } = reports();
    await from(['a', 'b']).distinct().count().run(options(processes, { report }));
    expect(JSON.parse(JSON.stringify(given[0]))).toEqual(given[0]);
  });

  it('tells of a failure, with its code, after everything is cleaned up', async () => {
    const { given, left, report } = reports();
    const run = range(100)
      .map((n) => {
        if (n === 50) throw new Error('bad \u001b[31mrecord');
        return n;
      })
      .toArray()
      .run(options(processes, { chunkSize: 10, report }));
    await expect(run).rejects.toBeInstanceOf(TaskError);
    expect(left).toEqual([0]);
    expect(given).toHaveLength(1);
    expect(given[0]).toMatchObject({
      outcome: 'failed',
      error: { name: 'TaskError', code: 'ERR_FORKFOLD_TASK' },
    });
    expect(given[0]!.error!.message).toContain('bad \\x1b[31mrecord');
  });

  it('tells of an abort', async () => {
    const { given, report } = reports();
    const controller = new AbortController();
    const run = range(1000)
      .toArray()
      .run(
        options(processes, {
          chunkSize: 10,
          report,
          signal: controller.signal,
          progress: ({ chunks }) => {
            if (chunks >= 10) controller.abort(new Error('enough'));
          },
        }),
      );
    await expect(run).rejects.toThrow('enough');
    expect(given).toHaveLength(1);
    expect(given[0]).toMatchObject({
      outcome: 'aborted',
      error: { name: 'Error', code: '', message: 'enough' },
    });
  });

  it('tells what was left out', async () => {
    const { given, report } = reports();
    await range(10)
      .map((n) => {
        if (n % 5 === 0) throw new TypeError(`no ${n}`);
        return n;
      })
      .count()
      .run(options(processes, { report, onError: 'skip' }));
    expect(given[0]!.skipped).toMatchObject({
      count: 2,
      records: [
        { verb: 'map', index: 0, preview: '0', error: 'TypeError: no 0' },
        { verb: 'map', index: 5, preview: '5', error: 'TypeError: no 5' },
      ],
    });
  });

  it('tells of a stream that was ended early as of a success', async () => {
    const { given, report } = reports();
    for await (const n of range(1000).stream(options(processes, { chunkSize: 10, report })))
      if (n === 100) break;
    expect(given).toHaveLength(1);
    expect(given[0]).toMatchObject({ outcome: 'ok', stages: [{ sink: 'collect' }] });
  });

  it('tells what was written', async () => {
    const { given, report } = reports();
    const directory = join(root, 'out');
    await range(100)
      .writeText(directory)
      .run(options(processes, { chunkSize: 50, report }));
    const output = { directory, files: 2, records: 100, bytes: 290 };
    expect(given[0]).toMatchObject({ outcome: 'ok', output, stages: [{ sink: 'writeText', bytes: 290 }] });
  });
});

describe('the report of a run', () => {
  it('counts what went wrong with children', async () => {
    const { given, report } = reports();
    const marker = join(root, 'marker');
    const result = await from(Array.from({ length: 40 }, (_, n) => ({ n, marker })))
      .mapAsync(async ({ n, marker }) => {
        const { appendFileSync, existsSync, readFileSync } = await import('node:fs');
        const times = existsSync(marker) ? readFileSync(marker).length : 0;
        if (n !== 25 || times > 1) return n;
        appendFileSync(marker, '.');
        if (times === 0) process.exit(3);
        // The child sleeps until it is killed.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        return n;
      })
      .count()
      .run(options(2, { chunkSize: 10, timeout: 1000, report }));
    expect(result).toBe(40);
    expect(given[0]).toMatchObject({
      outcome: 'ok',
      processes: 2,
      stages: [{ chunks: 4, recordsIn: 40, recordsOut: 40 }],
      attempts: { total: 6, retries: 2, crashes: 1, timeouts: 1 },
    });
  });

  it('tells how much of the disk was used', async () => {
    const { given, report } = reports();
    // 40 MB, with 11 MB of memory for tables.
    const plan = range(4000)
      .map((n) => [n, 'x'.repeat(10_000)] as [number, string])
      .groupByKey()
      .count();
    await plan.run({ processes: 1, memoryLimit: 64, tmpDir, report });
    const { peakBytes, totalBytes } = given[0]!.temporaryDisk;
    expect(totalBytes).toBeGreaterThan(30e6);
    expect(peakBytes).toBeGreaterThan(30e6);
    expect(peakBytes).toBeLessThanOrEqual(totalBytes);
    expect(given[0]!.stages[0]!.bytes).toBeGreaterThan(30e6);
  });

  it('names its sources and both sides of a join', async () => {
    const { given, report } = reports();
    const file = join(root, 'lines');
    await writeFile(file, 'a\nb\n');
    await textLines(file)
      .map((line) => [line, 1] as [string, number])
      .join(from([['a', 2]] as [string, number][]).mapValues((n) => n))
      .count()
      .run(options(0, { report }));
    expect(given[0]!.stages.map(({ inputs, sink }) => ({ inputs, sink }))).toEqual([
      {
        inputs: [
          ['textLines', 'map'],
          ['from', 'mapValues'],
        ],
        sink: 'join',
      },
      { inputs: [['join']], sink: 'count' },
    ]);
  });
});

describe('what a run cost', () => {
  it('tells of each child, of the parent, and how long chunks took', async () => {
    const { given, report } = reports();
    const spinning = range(8).map((n) => {
      const end = performance.now() + (n === 5 ? 60 : 10);
      while (performance.now() < end);
      return 'x'.repeat(100_000 + n);
    });
    await spinning.toArray().run({ processes: 2, chunkSize: 1, tmpDir, report });
    const { children, parent, stages } = given[0]!;
    expect(children.length).toBeGreaterThan(0);
    expect(children.length).toBeLessThanOrEqual(2);
    expect(new Set(children.map(({ pid }) => pid)).size).toBe(children.length);
    const sum = (of: (child: (typeof children)[number]) => number): number =>
      children.reduce((total, child) => total + of(child), 0);
    expect(sum(({ tasks }) => tasks)).toBeGreaterThan(0);
    expect(sum(({ busySeconds }) => busySeconds)).toBeGreaterThanOrEqual(0.13);
    expect(sum(({ serializeSeconds }) => serializeSeconds)).toBeGreaterThan(0);
    for (const { idleSeconds, busySeconds, serializeSeconds, peakBytes } of children) {
      expect(idleSeconds).toBeGreaterThanOrEqual(0);
      expect(serializeSeconds).toBeLessThanOrEqual(busySeconds);
      expect(peakBytes).toBeGreaterThan(2 ** 20);
    }
    expect(parent.busySeconds).toBeGreaterThan(0);
    expect(parent.busySeconds + parent.idleSeconds).toBeLessThanOrEqual(given[0]!.seconds + 0.001);
    const { chunkSeconds, slowest } = stages[0]!;
    expect(chunkSeconds.min).toBeGreaterThanOrEqual(0.01);
    expect(chunkSeconds.max).toBe(slowest[0]!.seconds);
    expect(slowest).toHaveLength(8);
    expect(slowest.find(({ chunk }) => chunk === 5)!.seconds).toBeGreaterThanOrEqual(0.06);
    expect(slowest.every(({ records }) => records === 1)).toBe(true);
  });

  it.each([0, 1])('tells of garbage and of hot keys, in %d processes', async (processes) => {
    const { given, report } = reports();
    const pairs = range(20_000).map((n) => [n % 4 === 0 ? n : 'hot', [`${n}`]] as [unknown, string[]]);
    const kept = pairs.groupByKey().mapValues((values) => [...values].length);
    await kept.count().run({ processes, tmpDir, report });
    const { stages, children } = given[0]!;
    expect(children).toHaveLength(processes);
    for (const { gcSeconds } of children) expect(gcSeconds).toBeGreaterThan(0);
    const { key, share, records, bytes } = stages[0]!.largestBucket!;
    expect(key).toBe('hot');
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.9);
    expect(records).toBeGreaterThan(12_000);
    expect(bytes).toBeGreaterThan(10_000);
    expect(stages[1]!.bytesIn).toBeGreaterThanOrEqual(bytes);
  });

  it('tells where slow chunks lie, and what was read and spilled', async () => {
    const { given, report } = reports();
    const file = join(root, 'lines.txt');
    await writeFile(file, 'a line of text\n'.repeat(1000));
    const lines = textLines(file).map((line) => [line, line] as [string, string]);
    await lines
      .groupByKey()
      .count()
      .run(options(1, { chunkBytes: 5000, report, shuffleMemory: 1 } as never));
    const [first] = given[0]!.stages;
    expect(first).toMatchObject({ bytesIn: 15_000, recordsIn: 1000 });
    expect(first!.slowest).toHaveLength(3);
    for (const { file: name, start, end } of first!.slowest) {
      expect([name, end! - start!]).toEqual([file, 5000]);
    }
    expect(first!.spilledBytes).toBeGreaterThan(0);
    expect(given[0]!.temporaryDisk.totalBytes).toBeGreaterThanOrEqual(first!.spilledBytes);
  });

  it('tells what a checkpoint gave', async () => {
    const { given, report } = reports();
    const checkpoint = join(root, 'checkpoint');
    const marker = join(root, 'marker');
    const plan = from(Array.from({ length: 20 }, (_, n) => ({ n, marker })))
      .mapAsync(async ({ n, marker }) => {
        const { existsSync } = await import('node:fs');
        if (n === 15 && !existsSync(marker)) throw new Error('not yet');
        return n;
      })
      .count();
    const once = options(1, { chunkSize: 5, checkpoint, report });
    await expect(plan.run(once)).rejects.toThrow('not yet');
    await writeFile(marker, '');
    expect(await plan.run(once)).toBe(20);
    expect(given.map(({ restored }) => restored)).toEqual([
      { tasks: 0, chunks: 0, records: 0 },
      { tasks: 3, chunks: 3, records: 15 },
    ]);
    expect(given[1]!.stages[0]).toMatchObject({ chunks: 4, recordsIn: 20, slowest: [{ chunk: 3 }] });
  });
});

// What is slow in these situations sleeps: a child that waits for a timer takes time from nobody, and is as busy by the clock.
describe('advice', () => {
  /** The codes of the advice that a run of a situation gets. */
  async function codesOf(
    run: (report: (report: RunReport) => Promise<void>) => Promise<unknown>,
  ): Promise<string[]> {
    const { given, report } = reports();
    await run(report);
    return given[0]!.advice.map(({ code }) => code);
  }

  it('comes for one record that takes most of the time', async () => {
    const slow = range(40).map((n) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, n === 30 ? 1200 : 1);
      return n;
    });
    const options = { chunkSize: 1, timeout: 60_000 };
    const codes = await codesOf(async (report) => slow.count().run(place.options(2, { ...options, report })));
    expect(codes).toContain('slow-chunk');
  });

  it('comes for a compressed file that one child reads alone', async () => {
    const file = join(root, 'lines.gz');
    await writeFile(file, gzipSync('a line\n'.repeat(100)));
    const slow = textLines(file).map((line) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      return line;
    });
    const codes = await codesOf(async (report) => slow.count().run(place.options(2, { report })));
    expect(codes).toContain('compressed-file');
  });

  it('comes for a hot key, and for work that is too small', async () => {
    const pairs = range(20_000).map((n) => [n % 4 === 0 ? n : 'hot', 1] as [unknown, number]);
    const codes = await codesOf(async (report) =>
      pairs.groupByKey().count().run({ processes: 1, tmpDir, report }),
    );
    expect(codes).toContain('hot-key');
    const small = await codesOf(async (report) => range(10).count().run({ processes: 1, tmpDir, report }));
    expect(small).toEqual(['small-work']);
  });

  it('comes for spilling under a low limit, and for children that are replaced often', async () => {
    const pairs = range(2000).map((n) => [n, 'x'.repeat(10_000)] as [number, string]);
    const spilled = await codesOf(async (report) =>
      pairs.groupByKey().count().run({ processes: 1, memoryLimit: 64, tmpDir, report }),
    );
    expect(spilled).toContain('spilling');
    const worn = { processes: 1, tasksPerProcess: 1, chunkSize: 1, tmpDir };
    const codes = await codesOf(async (report) =>
      range(4)
        .count()
        .run({ ...worn, report }),
    );
    expect(codes).toContain('recycled-children');
  });

  it('comes for a slow consumer', async () => {
    const codes = await codesOf(async (report) => {
      for await (const n of range(4).stream(place.options(1, { chunkSize: 1, report }))) {
        await new Promise((resolve) => setTimeout(resolve, 200 + n));
      }
    });
    expect(codes).toContain('slow-consumer');
  });

  it('comes for calls of mapAsync that are few at a time, by their limit or for want of records', async () => {
    const wait = async (n: number): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return n;
    };
    const one = { processes: 1, timeout: 60_000, tmpDir };
    const { given, report } = reports();
    const limited = range(16).mapAsync(wait, { concurrency: 2 });
    await limited.count().run({ ...one, chunkSize: 16, report });
    const starved = range(16).mapAsync(wait, { concurrency: 8 });
    await starved.count().run({ ...one, chunkSize: 1, report });
    const told = given.map(({ advice }) => advice.find(({ code }) => code === 'few-calls'));
    expect(told[0]!.text).toContain('more than 2 of 2 calls');
    expect(told[0]!.remedy).toContain('raise its concurrency');
    expect(told[1]!.text).toContain('of 8 calls');
  });

  it('comes for more processes than cores', async () => {
    const processes = availableParallelism() + 1;
    const slow = range(40).map((n) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      return n;
    });
    const codes = await codesOf(async (report) =>
      slow.count().run({ processes, chunkSize: 1, tmpDir, report }),
    );
    expect(codes).toContain('more-processes-than-cores');
  });

  it('comes for results that take longer to move than to make', async () => {
    const wide = range(30).map((n) => {
      const one = { n, text: 'a text', list: [n, n, n] };
      return Array.from({ length: 20_000 }, () => ({ ...one }));
    });
    const codes = await codesOf(async (report) =>
      wide.forEach(() => undefined).run(place.options(1, { chunkSize: 1, report })),
    );
    expect(codes).toContain('moving-results');
  });

  it('comes for a parent that is busy with other things', async () => {
    let isOver = false;
    const other = (async () => {
      const pause = new Int32Array(new SharedArrayBuffer(4));
      while (!isOver) {
        Atomics.wait(pause, 0, 0, 50);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const slow = range(40).map((n) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
      return n;
    });
    const codes = await codesOf(async (report) =>
      slow.count().run(place.options(1, { chunkSize: 1, report })),
    );
    isOver = true;
    await other;
    expect(codes).toContain('busy-parent');
  });
});

describe('a report file', () => {
  it('is JSON, and replaces an earlier one', async () => {
    const report = join(root, 'report.json');
    await range(10).count().run(options(0, { report }));
    const first = JSON.parse(await readFile(report, 'utf8')) as RunReport;
    expect(first).toMatchObject({ outcome: 'ok', stages: [{ recordsIn: 10 }] });
    await range(20).count().run(options(0, { report }));
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ stages: [{ recordsIn: 20 }] });
  });

  it.each([
    ['', /Expected "report" to be a path, a function or what htmlReport gives/],
    [7, /Expected "report" to be a path, .*, got 7/],
    ['missing/report.json', /no such file or directory/],
    ['tmp', /a directory: name a file in it/],
  ])('%j is refused before the run', async (name, message) => {
    let pulled = 0;
    const source = (function* () {
      yield (pulled += 1);
    })();
    const report = typeof name === 'string' && name !== '' ? join(root, name) : (name as string);
    const error = await caught(from(source).count().run(options(0, { report })));
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toMatchObject({ option: 'report' });
    expect((error as Error).message).toMatch(message);
    expect(pulled).toBe(0);
  });
});

/** Runs a program that imports from forkfold; `argv[1]` is its `tmpDir`, what follows are the arguments. */
const program = (text: string, ...given: string[]): ReturnType<typeof script> =>
  script(`import { range } from '@forkfold/core';\n${text}`, tmpDir, ...given);

describe('a report that cannot be given', () => {
  it.each([
    ['throws', "() => { throw new Error('oops') }"],
    ['rejects', "async () => { throw new Error('oops') }"],
  ])('because its function %s is a warning, and the run ends as it would', async (_, report) => {
    const { stdout, stderr } = await program(`
      const options = { processes: 0, tmpDir: process.argv[1], report: ${report} };
      console.log(await range(10).count().run(options));
      const failing = range(10).map(() => { throw new Error('the reason'); }).count();
      console.log(await failing.run(options).catch((error) => error.cause.message));`);
    expect(stdout).toBe('10\nthe reason\n');
    expect(stderr.match(/ForkfoldWarning: The report of a run was not taken: oops/g)).toHaveLength(2);
  });

  it('because its directory was removed is a warning, too', async () => {
    const directory = join(root, 'gone');
    await mkdir(directory);
    const { stdout, stderr } = await program(
      `import { rmSync } from 'node:fs';
      const [, tmpDir, directory, report] = process.argv;
      await range(10).forEach(() => rmSync(directory, { recursive: true, force: true })).run({ processes: 0, tmpDir, report });
      console.log('done');`,
      directory,
      join(directory, 'report.json'),
    );
    expect(stdout).toBe('done\n');
    expect(stderr).toMatch(/ForkfoldWarning: The report of a run was not taken: ENOENT/);
  });
});

it('is written when the process is interrupted', async () => {
  const report = join(root, 'report.json');
  const run = program(
    `await range(1000).toArray().run({
      processes: 1, chunkSize: 10, tmpDir: process.argv[1], report: process.argv[2],
      progress({ chunks }) {
        if (chunks < 10 || globalThis.isInterrupted) return;
        globalThis.isInterrupted = true;
        process.kill(process.pid, 'SIGINT');
      },
    });`,
    report,
  );
  await expect(run).rejects.toMatchObject({ code: 130 });
  expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
    outcome: 'aborted',
    error: { message: 'The process exited with code 130 during the run' },
  });
});
