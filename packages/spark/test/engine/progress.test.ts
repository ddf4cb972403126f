import { expect, test } from '@jest/globals';
import { observers, type Books, type CutPlan } from '@forkfold/core/engine';
import type { StageInfo } from '../../src/client/messages.js';
import { progressOf } from '../../src/engine/progress.js';

const stage = (id: number, completed: number, tasks: number, read = 0): StageInfo => ({
  stage_id: id,
  num_tasks: tasks,
  num_completed_tasks: completed,
  input_bytes_read: read,
  done: completed === tasks,
});

test('what Spark says of several queries becomes one way forward', () => {
  const told: unknown[] = [];
  const observer = observers([
    {
      away: ({ stage: number, chunks, totalChunks, bytes, busy }) =>
        told.push([number, chunks, totalChunks, bytes, busy]),
    },
  ]);
  const progress = progressOf({ observer } as Books, { stages: [{}, {}, {}] } as unknown as CutPlan, 4);
  const say = (busy: number, ...stages: StageInfo[]): void =>
    progress.take({ stages, num_inflight_tasks: busy });
  say(0);
  say(2, stage(7, 1, 4, 100));
  say(2, stage(7, 3, 4, 300));
  say(1, stage(7, 4, 4, 400), stage(8, 1, 2));
  // Another query begins, which counts its stages from the first one.
  say(2, stage(9, 1, 5));
  say(2, stage(9, 5, 5), stage(10, 1, 2, 50));
  say(1, stage(9, 5, 5), stage(10, 2, 2, 80), stage(11, 0, 3), stage(12, 0, 0));
  say(0, stage(9, 5, 5), stage(10, 2, 2, 80), stage(11, 3, 3));
  expect(told).toEqual([
    [1, 1, 4, 100, 2],
    [1, 3, 4, 300, 2],
    [2, 1, 2, 400, 1],
    [2, 1, 2, 450, 2],
    [3, 0, 3, 480, 1],
    [3, 3, 3, 480, 0],
  ]);
  expect(progress.seen()).toEqual({ stages: 6, tasks: 16 });
});
