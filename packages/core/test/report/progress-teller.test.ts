import { expect, it } from '@jest/globals';
import type { Progress } from '../../src/report/progress.js';
import { progressTeller } from '../../src/report/progress-teller.js';
import { stageEvent, taskEvent } from './events.js';

const never = (): never => {
  throw new Error('Nothing was to be rejected');
};
const distinct = { kind: 'distinct', verb: 'distinct' } as const;

it('tells after every task how far the run is, and counts records where they are read', () => {
  const told: Progress[] = [];
  const teller = progressTeller((progress) => told.push(progress), never);
  teller.stage!(stageEvent({ number: 0, stages: 2, chunks: undefined }));
  teller.task!(taskEvent(10, { chunks: 2 }));
  teller.task!(taskEvent(5, { skipped: 1 }));
  const branches = [{ ops: [], tag: 0, from: { stage: 0, shuffle: distinct } }];
  teller.stage!(stageEvent({ number: 1, stages: 2, chunks: 7, branches }));
  teller.task!(taskEvent(3, { chunks: 7, skipped: 1 }));
  expect(told.map(({ seconds, ...rest }) => (expect(seconds).toBeGreaterThanOrEqual(0), rest))).toEqual([
    { stage: 1, stages: 2, chunks: 2, totalChunks: undefined, records: 10, skipped: 0 },
    { stage: 1, stages: 2, chunks: 3, totalChunks: undefined, records: 15, skipped: 1 },
    { stage: 2, stages: 2, chunks: 7, totalChunks: 7, records: 15, skipped: 1 },
  ]);
});

it('throws what the function throws, and hands on what its promise rejects with', async () => {
  const error = new Error('bad');
  const throwing = progressTeller(() => {
    throw error;
  }, never);
  throwing.stage!(stageEvent());
  expect(() => throwing.task!(taskEvent(1))).toThrow(error);
  const rejected = new Promise((resolve) => {
    const teller = progressTeller(async () => Promise.reject(error), resolve);
    teller.stage!(stageEvent());
    teller.task!(taskEvent(1));
  });
  expect(await rejected).toBe(error);
});
