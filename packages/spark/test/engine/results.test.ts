import { expect, test } from '@jest/globals';
import type { SparkRow } from '../../src/client/rows.js';
import { inOrder, wholeValues, withGaps, type StageResult } from '../../src/engine/results.js';
import { ROW } from '../../src/sql/row-kinds.js';
import { packOrder } from '../../src/sql/row-order.js';

const row = (task: number, piece: number, text: string): SparkRow => [
  ROW.result,
  packOrder({ stage: 1, bucket: 0, task, piece }),
  `${piece === 0 ? 'V1' : 'C'}:${Buffer.from(text).toString('base64')}`,
];
async function* given<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
const values = (rows: readonly SparkRow[]): Promise<StageResult[]> =>
  all(wholeValues(given(rows), ROW.result, () => undefined));
const result = (first: number): StageResult => ({ first, chunks: 1, value: new Uint8Array([first]) });

test('a value is what its pieces are together', async () => {
  const found = await values([row(3, 0, 'ab'), row(3, 1, 'cd'), row(3, 2, 'e'), row(4, 0, 'f')]);
  expect(found.map(({ first, value }) => [first, Buffer.from(value).toString()])).toEqual([[3, 'abcde'], [4, 'f']]); // prettier-ignore
});

test.each([
  ['lacks its begin', [row(3, 1, 'cd')]],
  ['has a hole', [row(3, 0, 'ab'), row(3, 2, 'e')]],
  ['is of another task', [row(3, 0, 'ab'), row(4, 1, 'e')]],
])('a value that %s is an error', async (_, rows) => {
  await expect(values(rows)).rejects.toThrow('came without the one before');
});

test('results of several inputs are put in order, those of one must be', async () => {
  const mixed = [2, 0, 1].map(result);
  expect((await all(inOrder(given(mixed), false))).map(({ first }) => first)).toEqual([0, 1, 2]);
  await expect(all(inOrder(given(mixed), true))).rejects.toThrow('Chunk 0 came after chunk 2');
});

test('a chunk without a result has its place', async () => {
  const found = await all(withGaps(given([result(1), { ...result(4), chunks: 2 }]), 8));
  expect(found.map(({ first, chunks }) => [first, chunks])).toEqual([[0, 1], [1, 1], [2, 1], [3, 1], [4, 2], [6, 1], [7, 1]]); // prettier-ignore
});
