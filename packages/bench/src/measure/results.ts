import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { Cache } from './cache.js';
import { medianOf, type Comparison, type Figure } from './compare.js';

/** What the answer to a question was when it was last asked. Written as JSON. */
export interface Result {
  readonly question: string;
  readonly title: string;
  readonly short: boolean;
  /** What the size of its input was multiplied by. */
  readonly scale: number;
  readonly time: 'wall' | 'seconds';
  readonly date: string;
  readonly machine: { readonly node: string; readonly cores: number; readonly cpu: string };
  readonly comparisons: readonly Comparison[];
}

const figures: readonly Figure[] = [
  'wall',
  'seconds',
  'cpu',
  'memory',
  'parentMemory',
  'childMemory',
  'parentShare',
];

/** Keeps a result, beside the medians of its runs for whoever reads the file. Returns the path of the file. */
export function saveResult(cache: Cache, given: Omit<Result, 'date' | 'machine'>): string {
  const machine = {
    node: process.version,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
  };
  const result: Result = { ...given, date: new Date().toISOString(), machine };
  const medians = Object.fromEntries(
    given.comparisons.map((comparison) => [
      comparison.name,
      Object.fromEntries(figures.map((figure) => [figure, medianOf(comparison, figure)])),
    ]),
  );
  const path = resultPath(cache, given.question, given.short);
  mkdirSync(join(cache.directory, 'results'), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ ...result, medians }, undefined, 2)}\n`);
  return path;
}

export function savedResult(cache: Cache, question: string, short: boolean): Result | undefined {
  const path = resultPath(cache, question, short);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Result) : undefined;
}

function resultPath(cache: Cache, question: string, short: boolean): string {
  return join(cache.directory, 'results', `${question}${short ? '.short' : ''}.json`);
}
