import { afterEach, expect, it } from '@jest/globals';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import type { SourceChunk } from '../../src/source/source.js';
import type { Progress } from '../../src/report/progress.js';
import { Counts } from '../../src/counters.js';
import { ProgressTeller, type TellerOptions } from '../../src/report/progress-teller.js';
import { crash } from '../run/fake-runner.js';
import { attemptEvents, message, replyOf, stageEvent, taskEvent } from './events.js';

/** A teller that is ended after the test. */
const tellers: ProgressTeller[] = [];
function tellerOf(
  progress: TellerOptions['progress'],
  onRejection: TellerOptions['onRejection'] = never,
  counts = new Counts(),
): ProgressTeller {
  const teller = new ProgressTeller({ progress, onRejection, counts });
  tellers.push(teller);
  return teller;
}
afterEach(() => {
  for (const teller of tellers.splice(0)) teller.end({});
});

const never = (): never => {
  throw new Error('Nothing was to be rejected');
};
const distinct = { kind: 'distinct', verb: 'distinct' } as const;

it('tells after every task how far the run is, and counts records where they are read', () => {
  const told: Progress[] = [];
  const teller = tellerOf((progress) => told.push(progress));
  teller.stage(stageEvent({ number: 0, stages: 2, chunks: undefined }));
  teller.task(taskEvent(10, { chunks: 2 }));
  teller.task(taskEvent(5, { skipped: 1 }));
  const branches = [{ ops: [], tag: 0, from: { stage: 0, shuffle: distinct } }];
  teller.stage(stageEvent({ number: 1, stages: 2, chunks: 7, branches }));
  teller.task(taskEvent(3, { chunks: 7, skipped: 1 }));
  expect(told.every(({ seconds }) => seconds >= 0)).toBe(true);
  expect(told).toMatchObject([
    { stage: 1, stages: 2, chunks: 2, totalChunks: undefined, records: 10, skipped: 0 },
    { stage: 1, stages: 2, chunks: 3, totalChunks: undefined, records: 15, skipped: 1 },
    { stage: 2, stages: 2, chunks: 7, totalChunks: 7, records: 15, skipped: 1 },
  ]);
});

it('tells what an engine says, and of its tasks once when all of them are known', () => {
  const told: Progress[] = [];
  const teller = tellerOf((progress) => told.push(progress));
  const away = { stages: 2, totalChunks: 4, bytes: 0, processes: 8 };
  teller.away({ ...away, stage: 1, chunks: 1, busy: 3, bytes: 90 });
  teller.away({ ...away, stage: 2, chunks: 0, busy: 4, bytes: 95 });
  teller.stage(stageEvent({ number: 0, stages: 2, chunks: 9, processes: 8 }));
  teller.task(taskEvent(10, { chunks: 9 }));
  const branches = [{ ops: [], tag: 0, from: { stage: 0, shuffle: distinct } }];
  teller.stage(stageEvent({ number: 1, stages: 2, chunks: 5, branches, processes: 8 }));
  teller.task(taskEvent(3, { chunks: 5 }));
  const report = { name: 'elsewhere', applicationId: undefined, spilledBytes: 0, stages: 2, tasks: 8 };
  teller.engine(report);
  teller.engine(report);
  expect(told).toMatchObject([
    { stage: 1, stages: 2, chunks: 1, totalChunks: 4, share: 0.25, busy: 3, processes: 8, bytes: 90 },
    { stage: 2, chunks: 0, totalChunks: 4, share: 0, busy: 4, bytes: 95, records: 0 },
    { stage: 2, chunks: 5, totalChunks: 5, share: 1, busy: 0, bytes: 95, records: 10 },
  ]);
});

it('throws what the function throws, and hands on what its promise rejects with', async () => {
  const error = new Error('bad');
  const throwing = tellerOf(() => {
    throw error;
  });
  throwing.stage(stageEvent());
  expect(() => throwing.task(taskEvent(1))).toThrow(error);
  const rejected = new Promise((resolve) => {
    const teller = tellerOf(async () => Promise.reject(error), resolve);
    teller.stage(stageEvent());
    teller.task(taskEvent(1));
  });
  expect(await rejected).toBe(error);
});

it('calls the function no more once it has failed, however long the run takes to end', async () => {
  const failing = [
    (): never => {
      throw new Error('bad');
    },
    async () => Promise.reject(new Error('bad')),
  ];
  for (const fail of failing) {
    let calls = 0;
    let teller: ProgressTeller | undefined;
    await new Promise((resolve) => {
      teller = tellerOf(() => {
        calls += 1;
        return fail();
      }, resolve);
      teller.stage(stageEvent());
    });
    teller!.task(taskEvent(1));
    // Another one, which begins now, tells by itself twice.
    await new Promise<void>((resolve) => {
      let ticks = 0;
      tellerOf(() => (ticks += 1) === 2 && resolve()).stage(stageEvent());
    });
    expect(calls).toBe(1);
  }
});

it('tells of attempts: who is busy, what was tried again, read, spilled and restored', () => {
  const told: Progress[] = [];
  const counts = new Counts();
  counts.add('odd', 3);
  const teller = tellerOf((progress) => told.push(progress), never, counts);
  teller.stage(stageEvent({ chunks: 4 }));
  const items = { ...message(0), chunks: [{ number: 0, branch: 0, source: { bytes: 500 } }] };
  for (const event of attemptEvents(items, crash)) teller.attempt(event);
  for (const event of attemptEvents(items, replyOf(1000, { written: 70, peak: 0, kept: 0 }))) {
    teller.attempt(event);
  }
  teller.attempt(attemptEvents(message(1))[0]!);
  teller.task(taskEvent(10));
  const { result } = taskEvent(10, { chunks: 2 });
  teller.task({ result: { ...result, isRestored: true }, skipped: 0 });
  const state = { busy: 1, processes: 2, retries: 1, bytes: 500, spilledBytes: 70, childBytes: 1000 };
  expect(told[0]).toMatchObject({ ...state, restored: 0, share: 0.25, counters: { odd: 3 } });
  expect(told[0]!.eta!.max).toBeGreaterThanOrEqual(0);
  expect(told[1]).toMatchObject({ ...state, restored: 2, share: 0.75, records: 20 });
});

it('tells by itself, while nothing ends, and hands on what the function throws then', async () => {
  const error = new Error('bad');
  const rejected = new Promise((resolve) => {
    let calls = 0;
    tellerOf(() => {
      calls += 1;
      if (calls === 2) throw error;
    }, resolve).stage(stageEvent());
  });
  expect(await rejected).toBe(error);
});

it('counts what is under way, and no number becomes less when an attempt is tried again', () => {
  const told: Progress[] = [];
  const teller = tellerOf((progress) => told.push(progress));
  const source = { kind: 'bytes', file: '/a.gz', start: 0, end: 1000 } as SourceChunk;
  const first: TaskMessage = { ...message(0), chunks: [{ number: 0, branch: 0, source }] };
  const again = { ...first, name: 'again' };
  teller.stage(stageEvent({ chunks: 2 }));
  for (const event of attemptEvents(message(1))) teller.attempt(event);
  teller.pulse({ task: first, records: 40, bytes: 500 });
  teller.task(taskEvent(5));
  for (const event of attemptEvents(first, crash)) teller.attempt(event);
  teller.pulse({ task: again, records: 10, bytes: 100 });
  teller.task(taskEvent(0, { chunks: 0 }));
  for (const event of attemptEvents(again)) teller.attempt(event);
  teller.task(taskEvent(80));
  expect(told).toMatchObject([
    { chunks: 1, records: 45, bytes: 500, share: 0.75 },
    { chunks: 1, records: 45, bytes: 500, share: 0.75, retries: 0 },
    { chunks: 2, records: 85, bytes: 1000, share: 1 },
  ]);
  expect(told[0]!.eta).toBeDefined();
});
