import { describe, expect, it } from '@jest/globals';
import type { MapOutput } from '../../src/blocks/segment.js';
import type { WireStage } from '../../src/plan/compiled-plan.js';
import type { TaskDone, TaskReply } from '../../src/protocol/reply.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import { range, rangeSource } from '../../src/source/range.js';
import type { Cut } from '../../src/source/source.js';
import { Functions, type Loaded } from '../../src/task/functions.js';
import { runTask } from '../../src/task/run-task.js';
import { decode } from '../../src/values/codec.js';
import { descriptionOf } from '../child/descriptions.js';
import { contextOf } from './contexts.js';

const numbers = { source: 'range', reader: 0 };
const collect: WireStage = { branches: [{ ops: [], tag: 0, from: numbers }], sink: { kind: 'collect' } };
/** Pairs of the second half of ten numbers, whose values are summed. */
const sums = { kind: 'reduce', verb: 'reduceByKey', fn: 2 } as const;
const keyed: WireStage[] = [
  {
    branches: [{ ops: [{ verb: 'map', fn: 1 }], tag: 0, from: numbers }],
    sink: { kind: 'shuffle', shuffle: sums, partitions: 4 },
  },
  {
    branches: [{ ops: [{ verb: 'map', fn: 3 }], tag: 0, from: { stage: 0, shuffle: sums } }],
    sink: { kind: 'collect' },
  },
];

/** Runs a task of ten numbers, each a chunk. */
async function work(
  stages: readonly WireStage[],
  more: Partial<TaskMessage>,
  last: Loaded = (pair: unknown) => pair,
): Promise<TaskReply> {
  const { chunks } = rangeSource(0, 10, 1).cut({ chunkSize: 1 }) as Cut;
  const sources = [...(chunks as Iterable<TaskMessage['chunks'][number]['source']>)];
  const task = {
    ...{ run: 'run', stage: 0, name: '0-0' },
    chunks: sources.map((source, number) => ({ number, branch: 0, source })),
    ...more,
  };
  const functions = [range, (n: number) => [n % 5, n], (a: number, b: number) => a + b, last] as Loaded[];
  const run = { description: descriptionOf({ stages }), functions: new Functions(functions) };
  return runTask(task, run, contextOf([]).place);
}

const done = (reply: TaskReply): TaskDone => {
  if (!reply.ok) throw new Error(JSON.stringify(reply.failure));
  return reply;
};

describe('a task whose time is over', () => {
  it('ends with the chunk that it is at, and says how many it has done', async () => {
    const { covered, records } = done(await work([collect], { budget: -1 }));
    expect([covered, records]).toEqual([1, 1]);
  });

  it('ends where an extent does', async () => {
    const { covered, records } = done(await work(keyed, { budget: -1, extents: [4, 4, 2] }));
    expect([covered, records]).toEqual([4, 4]);
  });

  it('does not end before its last chunk while there is time, nor where it looks for a record to blame', async () => {
    expect(done(await work([collect], { budget: 60 })).covered).toBeUndefined();
    const selection = { only: [0, 10] } as const;
    const { covered, records } = done(await work([collect], { budget: -1, selection }));
    expect([covered, records]).toEqual([undefined, 10]);
  });

  it('does not go on with the next stage', async () => {
    const nextStage = { stage: 1, mostRecords: 10 };
    const found = done(await work(keyed, { budget: -1, extents: [5, 5], nextStage }));
    expect([found.covered, found.nextStage]).toEqual([5, undefined]);
  });
});

describe('a task of a whole stage', () => {
  const nextStage = { stage: 1, mostRecords: 10 };

  it('goes on with the next stage, and keeps what only that one reads', async () => {
    const found = done(await work(keyed, { nextStage }));
    expect(decode(found.value as Uint8Array)).toMatchObject({ segments: [] });
    expect(found.nextStage).toMatchObject({ records: 5, emitted: { records: 5 } });
    const alone = done(await work(keyed, {}));
    expect((decode(alone.value as Uint8Array) as MapOutput).entries).toBe(5);
    expect(alone.nextStage).toBeUndefined();
  });

  it('leaves the next stage to others where there is more of it than was thought', async () => {
    const found = done(await work(keyed, { nextStage: { ...nextStage, mostRecords: 4 } }));
    expect(found.nextStage).toBeUndefined();
    expect((decode(found.value as Uint8Array) as MapOutput).entries).toBe(5);
  });

  it('hands over what the next stage has no time for', async () => {
    const found = done(await work(keyed, { nextStage: { ...nextStage, budget: -1 } }));
    expect(found.nextStage?.covered).toBe(1);
    expect((decode(found.value as Uint8Array) as MapOutput).entries).toBe(5);
  });

  it('has succeeded though the next stage fails, which then fails by itself', async () => {
    const found = done(
      await work(keyed, { nextStage }, () => {
        throw new Error('no');
      }),
    );
    expect(found.nextStage).toBeUndefined();
    expect((decode(found.value as Uint8Array) as MapOutput).entries).toBe(5);
  });

  it('does not go on where it looks for a record to blame', async () => {
    const found = done(await work(keyed, { nextStage, selection: { only: [0, 10] } }));
    expect(found.nextStage).toBeUndefined();
  });
});
