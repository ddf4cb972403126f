import { expect, it } from '@jest/globals';
import { encodeRecords } from '../../../src/task/blame/result-index.js';

const handler = (): void => {};

it.each([
  [0, 'at index 3 of what chunk 7 gives'],
  [1, 'at index 0 of what chunk 9 gives'],
  [4, 'at index 3 of what chunk 9 gives'],
])('names the chunk that a record of a block comes from: record %d', (at, place) => {
  const records = Array.from({ length: 5 }, (_, i) => (i === at ? { handler } : i));
  // Three records of this task are written already; its second chunk gave none.
  const encode = (): unknown =>
    encodeRecords(records, { first: undefined, arePairs: false, chunks: [7, 8, 9] }, 3, [4, 4]);
  expect(encode).toThrow(`record.handler is a function`);
  expect(encode).toThrow(place);
});
