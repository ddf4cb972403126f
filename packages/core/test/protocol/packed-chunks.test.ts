import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packed, unpacked } from '../../src/protocol/packed-chunks.js';
import type { TaskChunk, TaskMessage } from '../../src/protocol/task-message.js';
import { cutItems } from '../../src/source/items.js';
import { encode } from '../../src/values/codec.js';

const task = (chunks: readonly TaskChunk[]): TaskMessage => ({ run: 'run', stage: 1, name: '1-0', chunks });

/** The chunks of a list from one on. */
function chunksOf(items: readonly unknown[], chunkSize: number, from = 0, branch = 0): TaskChunk[] {
  const { chunks } = cutItems(items, { chunkSize }, encode);
  return [...(chunks as Iterable<TaskChunk['source']>)]
    .map((source, number): TaskChunk => ({ number, branch, source }))
    .slice(from);
}

/** Without what tells the parent how much travels. */
const bare = ({ chunks, ...rest }: TaskMessage) => ({
  ...rest,
  chunks: chunks.map(({ source, ...chunk }) => {
    const { bytes: _, ...own } = source as { bytes?: number };
    return { ...chunk, source: own };
  }),
});

const item = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined, -0, { a: 1 }));

it('a packed task is the same task once it is unpacked, whatever its chunks hold', () => {
  const property = (items: unknown[], size: number, from: number): void => {
    const given = task(chunksOf(items, size, from));
    expect(bare(unpacked(packed(given)))).toEqual(bare(given));
  };
  fc.assert(fc.property(fc.array(item), fc.integer({ min: 1, max: 5 }), fc.nat(4), property));
});

it('chunks of a list are packed to one piece', () => {
  const { chunks } = packed(task(chunksOf(['a', 'b', 'c', 'd', 'e'], 2, 1)));
  expect(chunks).toEqual({ number: 1, branch: 0, first: 2, size: 2, items: ['c', 'd', 'e'] });
});

it('what is no run of chunks of one list travels as it is', () => {
  const [a, b, c, d] = chunksOf([1, 2, 3, 4], 1) as [TaskChunk, TaskChunk, TaskChunk, TaskChunk];
  const [short] = chunksOf([1], 2) as [TaskChunk];
  const cases = [
    [],
    [a],
    [a, c],
    [b, a],
    [a, { ...b, branch: 1 }],
    [a, { ...b, source: c.source }],
    [short, { ...b, source: chunksOf([1, 2, 3], 2)[0]!.source }],
    chunksOf([{ a: 1 }, { a: 2 }], 1),
    [{ number: 0, branch: 0, source: { kind: 'bucket' as const, segments: [] } }, d],
  ];
  for (const chunks of cases) expect(packed(task(chunks)).chunks).toBe(chunks);
});
