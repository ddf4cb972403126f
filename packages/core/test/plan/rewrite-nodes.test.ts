import { expect, it } from '@jest/globals';
import { nodeIn } from '../../src/api/dataset.js';
import { range } from '../../src/api/from.js';
import type { Node } from '../../src/plan/node.js';
import { nodeRewriter } from '../../src/plan/rewrite-nodes.js';

const numbers = range(10);
const other = nodeIn(range(20));
const pairs = numbers.map((n): [number, number] => [n, n]);
const base = nodeIn(numbers);

it('leaves a description as it is where nothing changes', () => {
  const rewrite = nodeRewriter(() => undefined);
  const node = nodeIn(pairs.union(pairs.filter(() => true)).reduceByKey((a, b) => a + b));
  expect(rewrite(node)).toBe(node);
});

it('changes what is met twice once, and all that is made of it', () => {
  const met: Node[] = [];
  const rewrite = nodeRewriter((node) => {
    met.push(node);
    return node === base ? other : undefined;
  });
  const joined = nodeIn(pairs.cogroup(pairs));
  const made = rewrite(joined);
  if (made.kind !== 'shuffle') throw new Error('a cogroup is a shuffle');
  const [left, right] = made.inputs;
  expect(left).toBe(right);
  expect(left).toEqual({ ...nodeIn(pairs), input: other });
  expect(met.filter((node) => node === base)).toHaveLength(1);
  expect(rewrite(nodeIn(pairs))).toBe(left);
});
