import { describe, expect, it } from '@jest/globals';
import { runPipeline } from '../../src/task/verbs/pipeline.js';
import { batchOf, contextOf } from './contexts.js';

/** Two batches of two records; what is said of how they end is told to `ended`. */
function* batches(ended: string[]): Generator<ReturnType<typeof batchOf>> {
  let isDone = false;
  try {
    yield batchOf([0, 1]);
    yield batchOf([2, 3], 2);
    isDone = true;
  } finally {
    ended.push(isDone ? 'read to their end' : 'closed');
  }
}

const ops = [{ verb: 'mapAsync', fn: 0, concurrency: 2 }] as const;

/** What a function makes of the records, until the receiver is full; and how the batches have ended. */
async function run(
  fn: (n: number) => unknown,
  { most = Infinity } = {},
): Promise<{ made: unknown[]; ended: string[]; error?: unknown; places: unknown[] }> {
  const context = contextOf([fn]);
  const { blame } = context;
  const made: unknown[] = [];
  const ended: string[] = [];
  const places: unknown[] = [];
  const into = {
    get isFull() {
      return made.length >= most;
    },
    push(value: unknown): void {
      made.push(value);
      places.push(blame.position().index);
    },
  };
  try {
    await runPipeline(batches(ended), { ops, seed: 0, branch: 0 }, into, context);
    return { made, ended, places };
  } catch (error) {
    return { made, ended, places: [...places, blame.position().index], error };
  }
}

describe('a function that may be asynchronous', () => {
  const error = new Error('no');
  const fail = (): never => {
    throw error;
  };

  it('is called for all records of all batches, wherever it begins to give promises', async () => {
    for (let first = 0; first <= 4; first += 1) {
      const { made, ended, places } = await run((n) => (n < first ? -n : Promise.resolve(-n)));
      expect(made).toEqual([-0, -1, -2, -3]);
      expect(places).toEqual([0, 1, 2, 3]);
      expect(ended).toEqual(['read to their end']);
    }
  });

  it.each(['throws', 'rejects'])(
    'has what is read closed where it %s, and the blame at its record',
    async (how) => {
      for (let at = 0; at < 4; at += 1) {
        const found = await run((n) => (n !== at ? n : how === 'throws' ? fail() : Promise.reject(error)));
        expect(found.error).toBe(error);
        expect(found.places.at(-1)).toBe(at);
        expect(found.made).toEqual([0, 1, 2, 3].slice(0, at));
        expect(found.ended).toHaveLength(1);
      }
    },
  );

  it('has what is read closed where no more is wanted', async () => {
    expect(await run((n) => n, { most: 1 })).toMatchObject({ made: [0], ended: ['closed'] });
    expect(await run(async (n) => Promise.resolve(n), { most: 1 })).toMatchObject({
      made: [0],
      ended: ['closed'],
    });
  });
});
