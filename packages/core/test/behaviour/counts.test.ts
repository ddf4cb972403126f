/**
 * What fixed plans cost in things that can be counted, on any machine: a change that makes tasks, messages, bytes, files or
 * modules more than they were is seen here, and not only by a clock. Where it is meant, write down the new numbers.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { from, range, textLines, type Plan, type RunOptions, type RunReport } from '@forkfold/core';
import { directories, fixture, harness } from './harness.js';

const WORDS = { tasks: 30, messages: 30, opened: 254, bytesReceived: 37, bytesSent: 1516, disk: 4999 };
const SORTED = { tasks: 130, messages: 130, opened: 3, bytesReceived: 3831, bytesSent: 3442, disk: 0 };
const FOLDED = { tasks: 102, messages: 102, opened: 1, bytesReceived: 41, bytesSent: 33, disk: 0 };
const COLLECTED = { tasks: 100, messages: 100, opened: 1, bytesReceived: 106, bytesSent: 145, disk: 0 };
const FILES = { tasks: 64, messages: 64, opened: 2001, bytesReceived: 207, bytesSent: 48, disk: 0 };
/** Of the build, in KiB; what a bundler calls its files does not matter. */
const IMPORT = { files: 3, kibibytes: 275, packages: [] };
/** What importing forkfold has loaded is part of it. */
const RUN = { files: 4, kibibytes: 371, packages: [] };
const CHILD = { files: 3, kibibytes: 379, packages: [] };

const dirs = directories(harness());

interface Counts {
  /** Of tasks, each tried once. */
  readonly tasks: number;
  /** To the only child. */
  readonly messages: number;
  /** In KiB. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Files that the child opened. */
  readonly opened: number;
  /** Temporary files, in KiB. */
  readonly disk: number;
}

/** Runs a plan in one fresh child. */
async function countsOf(plan: Plan<unknown>, options: RunOptions = {}): Promise<Counts> {
  const file = join(dirs.root, 'counts');
  let report: RunReport | undefined;
  await plan.run({
    processes: 1,
    tmpDir: dirs.tmpDir,
    execArgv: ['--require', fixture('count-child.cjs')],
    env: { COUNTS: file },
    report: (given) => (report = given),
    // With it a task is a chunk, however busy the machine is.
    timeout: 60_000,
    ...options,
  });
  const { bytesReceived, bytesSent, ...counts } = JSON.parse(readFileSync(file, 'utf8')) as Omit<
    Counts,
    'tasks' | 'disk'
  >;
  const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);
  return {
    ...counts,
    tasks: report!.attempts.total,
    bytesReceived: kibibytes(bytesReceived),
    bytesSent: kibibytes(bytesSent),
    disk: kibibytes(report!.temporaryDisk.totalBytes),
  };
}

/** The numbers written down, but for what a path or a process id may add to a message. */
function expectCounts(counts: Counts, { bytesReceived, bytesSent, ...expected }: Counts): void {
  expect(counts).toMatchObject(expected);
  expect(Math.abs(counts.bytesReceived - bytesReceived)).toBeLessThanOrEqual(2 + bytesReceived / 20);
  expect(Math.abs(counts.bytesSent - bytesSent)).toBeLessThanOrEqual(2 + bytesSent / 20);
}

describe('in one child', () => {
  const lines = (count: number): string => {
    const path = join(dirs.root, 'lines.txt');
    writeFileSync(path, Array.from({ length: count }, (_, i) => `line ${i % 1000} of ${i}\n`).join(''));
    return path;
  };

  it('words of a file, counted', async () => {
    const counted = textLines(lines(200_000))
      .flatMap((line) => line.split(' '))
      .countByValue();
    expectCounts(await countsOf(counted.toMap()), WORDS);
  });

  it('numbers, sorted and written', async () => {
    const sorted = range(200_000)
      .sortBy((n) => (n * 7919) % 200_003)
      .map((n) => `${n}`);
    expectCounts(await countsOf(sorted.writeText(join(dirs.root, 'out'))), SORTED);
  });

  it('items, folded chunk by chunk', async () => {
    const items = from(Array.from({ length: 10_000 }, (_, i) => i)).map((n) => n + 1);
    const single = { chunkSize: 100 };
    expectCounts(
      await countsOf(
        items.reduce((a, b) => a + b),
        single,
      ),
      FOLDED,
    );
  });

  it('items there and back, chunk by chunk', async () => {
    const items = from(Array.from({ length: 10_000 }, (_, i) => ({ id: i, name: `n${i}` })));
    const single = { chunkSize: 100 };
    expectCounts(await countsOf(items.filter(({ id }) => id % 2 === 0).toArray(), single), COLLECTED);
  });

  it('many small files', async () => {
    for (let i = 0; i < 2000; i += 1) writeFileSync(join(dirs.root, `f${i}.txt`), 'a\nb\n');
    const all = textLines(join(dirs.root, 'f*.txt')).map((line) => [line, 1] as const);
    expectCounts(await countsOf(all.countByKey().toMap()), FILES);
  });
});

interface Closure {
  readonly files: number;
  readonly kibibytes: number;
  readonly packages: readonly string[];
}

describe('modules that are loaded', () => {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));

  /** The files of the build that an entry loads before it does anything, and their size in KiB. */
  function closureOf(entry: string): Closure {
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, 'utf8');
      for (const [, name] of text.matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];$/gm)) {
        if (name!.startsWith('.')) visit(resolve(dirname(file), name!));
        else if (!name!.startsWith('node:')) packages.add(name!);
      }
    };
    visit(join(dist, entry));
    const bytes = [...seen].reduce((sum, file) => sum + statSync(file).size, 0);
    return { files: seen.size, kibibytes: Math.ceil(bytes / 1024), packages: [...packages] };
  }

  function expectClosure(closure: Closure, { kibibytes, ...expected }: Closure): void {
    expect(closure).toMatchObject(expected);
    expect(Math.abs(closure.kibibytes - kibibytes)).toBeLessThanOrEqual(kibibytes / 10);
  }

  it('by a program that imports forkfold', () => {
    expectClosure(closureOf('index.js'), IMPORT);
  });

  it('by a run that is not watched, and writes nothing', () => {
    const run = readdirSync(join(dist, 'chunks')).find((file) => /^run-\w+\.js$/.test(file));
    expectClosure(closureOf(join('chunks', run!)), RUN);
  });

  it('by a child', () => {
    expectClosure(closureOf('child/entry.js'), CHILD);
  });
});
