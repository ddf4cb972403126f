import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { spreadOver } from '../../src/engine/lay-out.js';
import { laneKeys } from '../../src/sql/lane-keys.js';

test('lanes hold neighbours, in order, and never a part of a group', () => {
  const any = fc.record({
    count: fc.integer({ min: 1, max: 300 }),
    span: fc.constantFrom(1, 2, 4, 8, 64),
    lanes: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(any, ({ count, span, lanes }) => {
      const keys = laneKeys(lanes);
      const used = spreadOver({ count, span, lanes }).map((key) => keys.indexOf(key));
      expect(used).toHaveLength(count);
      for (let i = 1; i < count; i++) {
        if (i % span === 0) expect(used[i]).toBeGreaterThanOrEqual(used[i - 1]!);
        else expect(used[i]).toBe(used[i - 1]);
      }
      const groups = Math.ceil(count / span);
      expect(new Set(used).size).toBe(Math.min(groups, lanes));
    }),
  );
});
