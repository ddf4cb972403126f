import { expect, it } from '@jest/globals';
import { Timeline } from '../../src/report/timeline.js';
import { attemptEvents, message, stageEvent, taskEvent } from './events.js';

/** A timeline that has ended, of one stage, which keeps so many spans. */
function timelineOf(most: number): Timeline {
  const timeline = new Timeline(most);
  timeline.stage(stageEvent());
  return timeline;
}

it('tells of each attempt: its place, chunk and records', () => {
  const timeline = timelineOf(10);
  for (const event of attemptEvents(message(3))) timeline.attempt(event);
  timeline.end();
  expect(timeline.spans).toMatchObject([
    { slot: 0, stage: 0, chunk: 3, chunks: 1, attempts: 1, outcome: 'done', isRetry: false },
  ]);
});

it('tells how a child died, and which attempt is a retry', () => {
  const timeline = timelineOf(10);
  const died = { kind: 'died', phase: 'task', exitCode: null, signal: 'SIGKILL' } as const;
  for (const event of attemptEvents(message(3), died)) timeline.attempt(event);
  for (const event of attemptEvents(message(3, 1))) timeline.attempt(event);
  for (const event of attemptEvents(message(4), { kind: 'timeout' })) timeline.attempt(event);
  timeline.end();
  expect(timeline.spans.map(({ outcome, death, isRetry }) => [outcome, death, isRetry])).toEqual([
    ['died', 'SIGKILL', false],
    ['done', undefined, true],
    ['timeout', undefined, false],
  ]);
});

it('shows what is under way', () => {
  const timeline = timelineOf(10);
  const [begun] = attemptEvents(message(3));
  timeline.attempt(begun!);
  expect(timeline.spans).toMatchObject([{ chunk: 3, outcome: 'running' }]);
  timeline.end();
});

it('joins neighbours of a place where there are too many, and loses none, nor a death', () => {
  const timeline = timelineOf(50);
  for (let chunk = 0; chunk < 1000; chunk += 1) {
    const slot = chunk % 3;
    const outcome = chunk === 500 ? ({ kind: 'timeout' } as const) : undefined;
    for (const event of attemptEvents(message(chunk), outcome)) timeline.attempt({ ...event, slot });
  }
  timeline.end();
  const { spans } = timeline;
  expect(spans.length).toBeLessThanOrEqual(75);
  expect(spans.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(1000);
  expect(spans.reduce((sum, { chunks }) => sum + chunks, 0)).toBe(1000);
  expect(spans.filter(({ outcome }) => outcome === 'timeout')).toMatchObject([{ chunk: 500, attempts: 1 }]);
});

it('samples how far the run is', () => {
  const timeline = timelineOf(10);
  timeline.task(taskEvent(7));
  timeline.end();
  const { samples } = timeline;
  expect(samples[0]).toMatchObject({ records: 0 });
  expect(samples.at(-1)).toMatchObject({ records: 7 });
  expect(samples.at(-1)!.parentBytes).toBeGreaterThan(2 ** 20);
});
