/**
 * What fixed plans cost in things that can be counted, on any machine: a change that makes tasks, messages, bytes, files or
 * modules more than they were is seen here, and not only by a clock. Where it is meant, write down the new numbers.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { from, range, textLines, type Plan, type RunOptions, type RunReport } from '@forkfold/core';
import { directories, fixture, harness, program } from './harness.js';

const WORDS = {
  tasks: 30,
  messages: 30,
  answers: 30,
  opened: 253,
  bytesReceived: 32,
  bytesSent: 1516,
  disk: 4999,
  loaded: 3,
};
const SORTED = {
  tasks: 130,
  messages: 130,
  answers: 130,
  opened: 2,
  bytesReceived: 3831,
  bytesSent: 3442,
  disk: 0,
  loaded: 3,
};
const FOLDED = {
  tasks: 102,
  messages: 102,
  answers: 102,
  opened: 0,
  bytesReceived: 41,
  bytesSent: 33,
  disk: 0,
  loaded: 3,
};
const COLLECTED = {
  tasks: 100,
  messages: 100,
  answers: 100,
  opened: 0,
  bytesReceived: 106,
  bytesSent: 145,
  disk: 0,
  loaded: 3,
};
/** Of what the child receives, the numbers of the files are left out. */
const FILES = {
  tasks: 33,
  messages: 33,
  answers: 33,
  opened: 2000,
  bytesReceived: 142,
  bytesSent: 36,
  disk: 0,
  loaded: 3,
};
/** Of what the child receives, the list is 103 KiB: it is no part of a task. */
const JOINED = {
  tasks: 20,
  messages: 20,
  answers: 20,
  opened: 0,
  bytesReceived: 109,
  bytesSent: 7,
  disk: 0,
  loaded: 3,
};
/** Of the build, in KiB; what a bundler calls its files does not matter. */
const IMPORT = { files: 3, kibibytes: 275, packages: [] };
/** What importing forkfold has loaded is part of it. */
const RUN = { files: 4, kibibytes: 415, packages: [] };
const CHILD = { files: 3, kibibytes: 474, packages: [] };
/** A program that counts the lines of ten files, and its child. The program opens none of them. */
const PARENT_OF_RUN = {
  opened: 0,
  files: 6,
  kibibytes: 430,
  packages: ['@isaacs', 'balanced-match', 'brace-expansion', 'minimatch', 'workerpool'],
};
const CHILD_OF_RUN = { opened: 10, files: 3, kibibytes: 474, packages: [] };

const dirs = directories(harness());

interface Counts {
  /** Of tasks, each tried once. */
  readonly tasks: number;
  /** To the only child. */
  readonly messages: number;
  /** Of the child, each with a result. */
  readonly answers: number;
  /** In KiB. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** How often the child opened a file of input, output, or its run's own. */
  readonly opened: number;
  /** Files of the build that the child loaded. */
  readonly loaded: number;
  /** Temporary files, in KiB. */
  readonly disk: number;
}

/** What a process has written down. */
interface Counted extends Omit<Counts, 'tasks' | 'disk' | 'loaded'> {
  readonly isChild: boolean;
  readonly loaded: readonly string[];
}

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

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
  const { bytesReceived, bytesSent, loaded, messages, answers, opened } = JSON.parse(
    readFileSync(file, 'utf8'),
  ) as Counted;
  const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);
  return {
    messages,
    answers,
    opened,
    tasks: report!.attempts.total,
    bytesReceived: kibibytes(bytesReceived),
    bytesSent: kibibytes(bytesSent),
    disk: kibibytes(report!.temporaryDisk.totalBytes),
    loaded: modulesOf(loaded).files,
  };
}

/** The numbers written down, but for what a path or a process id may add to a message. */
function expectCounts(counts: Counts, { bytesReceived, bytesSent, ...expected }: Counts): void {
  expect(counts).toMatchObject(expected);
  expect(Math.abs(counts.bytesReceived - bytesReceived)).toBeLessThanOrEqual(2 + bytesReceived / 20);
  expect(Math.abs(counts.bytesSent - bytesSent)).toBeLessThanOrEqual(2 + bytesSent / 20);
}

/** By what a task knows a file again. */
function idOf(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
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

  it('numbers, joined with a list that travels once', async () => {
    const list = from(Array.from({ length: 1000 }, (_, n): [number, string] => [n, `${n}`.padEnd(100, '-')]));
    const joined = range(20_000).keyBy((n) => n % 2000).join(list); // prettier-ignore
    expectCounts(await countsOf(joined.count(), { chunkSize: 1000 }), JOINED);
  });

  it('many small files', async () => {
    const paths = Array.from({ length: 2000 }, (_, i) => join(dirs.root, `f${i}.txt`));
    for (const path of paths) writeFileSync(path, 'a\nb\n');
    const all = textLines(join(dirs.root, 'f*.txt')).map((line) => [line, 1] as const);
    const counts = await countsOf(all.countByKey().toMap());
    // How long the numbers of files are is a matter of the machine.
    const ids = paths.reduce((sum, path) => sum + idOf(path).length, 0) / 1024;
    expectCounts({ ...counts, bytesReceived: counts.bytesReceived - ids }, FILES);
  });
});

interface Modules {
  /** Of the build. */
  readonly files: number;
  readonly kibibytes: number;
  /** Other packages, by name. */
  readonly packages: readonly string[];
}

/** What scripts with these URLs are. */
function modulesOf(urls: readonly string[]): Modules {
  const paths = [...new Set(urls)].map((url) => fileURLToPath(url));
  const own = paths.filter((path) => path.startsWith(dist));
  const packages = paths.flatMap((path) => path.split(`${sep}node_modules${sep}`).slice(1).at(-1) ?? []);
  return {
    files: own.length,
    kibibytes: kibibytesOf(own),
    packages: [...new Set(packages.map((path) => path.split(sep)[0]!))].sort(),
  };
}

function kibibytesOf(files: readonly string[]): number {
  return Math.ceil(files.reduce((sum, file) => sum + statSync(file).size, 0) / 1024);
}

describe('modules that are loaded', () => {
  /** The files of the build that an entry loads before it does anything, and their size in KiB. */
  function closureOf(entry: string): Modules {
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
    return { files: seen.size, kibibytes: kibibytesOf([...seen]), packages: [...packages] };
  }

  function expectModules(modules: Modules, { kibibytes, ...expected }: Modules): void {
    expect(modules).toMatchObject(expected);
    expect(Math.abs(modules.kibibytes - kibibytes)).toBeLessThanOrEqual(kibibytes / 10);
  }

  it('by a program that imports forkfold', () => {
    expectModules(closureOf('index.js'), IMPORT);
  });

  it('by a run that is not watched, and writes nothing', () => {
    const run = readdirSync(join(dist, 'chunks')).find((file) => /^run-\w+\.js$/.test(file));
    expectModules(closureOf(join('chunks', run!)), RUN);
  });

  it('by a child', () => {
    expectModules(closureOf('child/entry.js'), CHILD);
  });

  it('by a program that has a run of one child, and by the child', async () => {
    for (let i = 0; i < 10; i += 1) writeFileSync(join(dirs.root, `f${i}.txt`), 'a\n\nb\n');
    const file = join(dirs.root, 'counts');
    const flags = ['--require', fixture('count-child.cjs')];
    expect(await program('counted-run.mjs', [join(dirs.root, 'f*.txt'), file], flags)).toBe('20\n');
    const counted = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Counted);
    const of = (wanted: boolean): Modules & { opened: number } => {
      const { opened, loaded } = counted.find(({ isChild }) => isChild === wanted)!;
      return { opened, ...modulesOf(loaded) };
    };
    expectModules(of(true), CHILD_OF_RUN);
    expectModules(of(false), PARENT_OF_RUN);
    expect(counted).toHaveLength(2);
  });
});
