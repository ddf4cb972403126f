import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packOrder, unpackOrder, type RowPlace } from '../../src/sql/row-order.js';

const place: fc.Arbitrary<RowPlace> = fc.record({
  stage: fc.integer({ min: 0, max: 127 }),
  bucket: fc.integer({ min: 0, max: 4095 }),
  task: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  piece: fc.integer({ min: 0, max: 2 ** 20 - 1 }),
});
const parts = ({ stage, bucket, task, piece }: RowPlace): number[] => [stage, bucket, task, piece];

test('a place survives, as a BIGINT that is not negative', () => {
  fc.assert(
    fc.property(place, (given) => {
      const order = packOrder(given);
      expect(order >= 0n && order < 2n ** 63n).toBe(true);
      expect(unpackOrder(order)).toEqual(given);
    }),
  );
});

test('rows sort by stage, bucket, task and piece', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      const first =
        parts(a)
          .map((part, index) => part - parts(b)[index]!)
          .find((difference) => difference !== 0) ?? 0;
      const packed = packOrder(a) - packOrder(b);
      expect(packed < 0n ? -1 : packed > 0n ? 1 : 0).toBe(Math.sign(first));
    }),
  );
});

test.each([
  [{ stage: 128, bucket: 0, task: 0, piece: 0 }, 'stage from 0 to 127'],
  [{ stage: 0, bucket: 4096, task: 0, piece: 0 }, 'bucket from 0 to 4095'],
  [{ stage: 0, bucket: 0, task: 2 ** 24, piece: 0 }, 'task from 0 to 16777215'],
  [{ stage: 0, bucket: 0, task: 0, piece: 2 ** 20 }, 'piece from 0 to 1048575'],
  [{ stage: 0, bucket: -1, task: 0, piece: 0 }, 'bucket from 0 to 4095'],
  [{ stage: 0, bucket: 0, task: 0.5, piece: 0 }, 'task from 0 to 16777215'],
])('%o is refused', (given, rule) => {
  expect(() => packOrder(given)).toThrow(rule);
});
