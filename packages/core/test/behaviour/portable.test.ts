import { describe, expect, it } from '@jest/globals';
import { from, JobError, SerializationError, type Aggregator } from '@forkfold/core';
import { caught, harness } from './harness.js';

interface Library {
  readonly countVowels: (word: string) => number;
  readonly times: <T>(factor: number, toNumber: (record: T) => number) => (record: T) => number;
  readonly richest: Aggregator<string, string>;
  readonly misspelt: (word: string) => boolean;
  readonly moved: (word: string) => boolean;
}

const url = new URL('../fixtures/library.mjs', import.meta.url).href;
const { countVowels, times, richest, misspelt, moved } = (await import(url)) as Library;

const shared = harness();
const words = ['banana', 'sky', 'queue', 'tree'];

describe.each([0, 2])('what a library has made portable, in %d processes', (processes) => {
  const options = () => shared.options(processes, { chunkSize: 1 });

  it('travels outside a job, although it closes over things of the library', async () => {
    const dataset = from(words);
    expect(await dataset.map(countVowels).toArray().run(options())).toEqual([3, 0, 4, 2]);
    expect(await dataset.filter(countVowels).toArray().run(options())).toEqual(['banana', 'queue', 'tree']);
    expect(await dataset.aggregate(richest).run(options())).toBe('queue');
    expect(
      await dataset
        .keyBy((word) => word.length)
        .aggregateByKey(richest)
        .toMap()
        .run(options()),
    ).toEqual(
      new Map([
        [3, ''],
        [4, 'tree'],
        [5, 'queue'],
        [6, 'banana'],
      ]),
    );
  });

  it('is made again of its arguments, which may be functions of the user’s, or of the library’s', async () => {
    const lengths = from(words).map(times(10, (word: string) => word.length));
    expect(await lengths.toArray().run(options())).toEqual([60, 30, 50, 40]);
    const nested = from(words).map(times(2, times(5, countVowels)));
    expect(await nested.toArray().run(options())).toEqual([30, 0, 40, 20]);
  });

  it('is a JobError where the module does not export it, or is not there', async () => {
    const missing = await caught(from(words).filter(misspelt).toArray().run(options()));
    expect(missing).toBeInstanceOf(JobError);
    expect((missing as Error).message).toBe(
      `${url} exports no "mispelt" in the child process: export what "portable" names`,
    );
    const gone = await caught(from(words).filter(moved).toArray().run(options()));
    expect(gone).toBeInstanceOf(JobError);
    expect((gone as Error).message).toMatch(/moved-away\.mjs cannot be loaded in the child process: /);
  });

  it('names the argument that cannot travel', async () => {
    const factor = { valueOf: () => 2 } as unknown as number;
    const error = await caught(from(words).map(times(factor, countVowels)).toArray().run(options()));
    expect(error).toBeInstanceOf(SerializationError);
    expect((error as Error).message).toContain('times arguments[0].valueOf is a function');
  });
});
