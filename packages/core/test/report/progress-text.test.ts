import { expect, it } from '@jest/globals';
import type { Progress } from '../../src/report/progress.js';
import { progressText, summaryText } from '../../src/report/progress-text.js';

const progress: Progress = {
  stage: 1,
  stages: 2,
  chunks: 32,
  totalChunks: 64,
  records: 1_250_000,
  skipped: 3,
  seconds: 12.5,
  bytes: 50e6,
  share: 0.5,
  eta: { min: 10, max: 75 },
  busy: 3,
  processes: 4,
  retries: 1,
  spilledBytes: 2.5e9,
  childBytes: 300e6,
  restored: 8,
  counters: { odd: 5 },
};

it('says all there is in one line', () => {
  expect(progressText(progress)).toBe(
    'stage 1/2 50 % · 1.3 M records (100.0 k/s) · ETA 0:10–1:15 (this stage) · 0:13 · 50.0 MB (4.0 MB/s) · ' +
      '1 retry · 3 skipped · 2.5 GB spilled · 3 of 4 busy · 8 chunks restored · 300.0 MB memory · chunk 32/64',
  );
  const unknown = { ...progress, totalChunks: undefined, share: undefined, eta: undefined, records: 7 };
  expect(progressText({ ...unknown, bytes: 0, seconds: 4000 })).toMatch(
    /^stage 1\/2 32 chunks · 7 records \(0\/s\) · 1:06:40 · 1 retry/,
  );
});

it.each([1, 10, 30, 60, 80, 120, 400])('fits %d columns', (width) => {
  const line = progressText(progress, width, true);
  expect(line.length).toBeLessThanOrEqual(width);
  expect('stage 1/2 ████████░░░░░░░░ 50 %'.startsWith(line.slice(0, 31))).toBe(true);
});

it('sums up in the end, whatever a counter is called', () => {
  const counters = { odd: 5, 'a\u001b[31m': 1 };
  expect(summaryText({ ...progress, counters }, 'done in')).toBe(
    'done in 12.5 s: 1.3 M records (100.0 k/s) · 50.0 MB (4.0 MB/s) · 1 retry · 3 skipped · 2.5 GB spilled · ' +
      '8 chunks restored from the checkpoint · odd 5 · a?[31m 1',
  );
});
