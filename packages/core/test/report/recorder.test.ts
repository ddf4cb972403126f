import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { Counts } from '../../src/counters.js';
import { OptionError, TaskError } from '../../src/errors.js';
import type { AttemptEvent, EndEvent, RunObserver } from '../../src/report/observer.js';
import { Recorder } from '../../src/report/recorder.js';
import type { RunReport } from '../../src/report/run-report.js';
import { crash } from '../run/fake-runner.js';
import type { TaskChunk } from '../../src/protocol/task-message.js';
import { attemptEvents, message, replyOf, stageEvent, taskEvent, usageOutcome } from './events.js';

const nothing = { count: 0, records: [] };

/** The report of what `act` tells a recorder. */
async function reportOf(
  act: (recorder: Recorder) => void,
  {
    end = {},
    signal,
    skipped = nothing,
    counts = new Counts(),
  }: { end?: EndEvent; signal?: AbortSignal; skipped?: typeof nothing; counts?: Counts } = {},
): Promise<RunReport> {
  const reports: RunReport[] = [];
  const recorder = new Recorder({ report: (given) => reports.push(given), signal, skipped, counts });
  act(recorder);
  expect(reports).toEqual([]);
  await recorder.end(end);
  expect(reports).toHaveLength(1);
  return reports[0]!;
}

const tell = (recorder: RunObserver, events: readonly AttemptEvent[]): void =>
  events.forEach((event) => recorder.attempt?.(event));

describe('the report', () => {
  it('has a stage for each that has begun, and sums up the results of its tasks', async () => {
    const { stages, processes } = await reportOf((recorder) => {
      recorder.stage(stageEvent({ sink: { kind: 'reduce', fn: 0 } }));
      recorder.task(taskEvent(10, { chunks: 2, emitted: 7, bytes: 100 }));
      recorder.task(taskEvent(5, { emitted: 3, bytes: 20 }));
      recorder.stage(stageEvent({ number: 1 }));
    });
    expect(processes).toBe(2);
    const unmeasured = {
      bytesIn: 0,
      spilledBytes: 0,
      chunkSeconds: { min: 0, median: 0, p95: 0, max: 0 },
      slowest: [],
    };
    expect(stages).toEqual([
      {
        inputs: [['textLines', 'map']],
        sink: 'reduce',
        chunks: 3,
        recordsIn: 15,
        recordsOut: 10,
        bytes: 120,
        bytesOut: 120,
        ...unmeasured,
        seconds: expect.any(Number),
      },
      {
        inputs: [['textLines', 'map']],
        sink: 'count',
        chunks: 0,
        recordsIn: 0,
        recordsOut: 0,
        bytes: 0,
        bytesOut: 0,
        ...unmeasured,
        seconds: 0,
      },
    ]);
  });

  it('calls inputs and sinks as the user does, without the steps that nobody wrote', async () => {
    const count = { kind: 'count', verb: 'countByValue', key: 'record' } as const;
    const distinct = { kind: 'distinct', verb: 'distinct' } as const;
    const { stages } = await reportOf((recorder) => {
      recorder.stage(
        stageEvent({
          branches: [
            { ops: [], tag: 0, from: { source: 'range', reader: 0 } },
            {
              ops: [{ verb: 'values' }, { verb: 'filter', fn: 0 }],
              tag: 1,
              from: { stage: 0, shuffle: distinct },
            },
          ],
          sink: { kind: 'shuffle', shuffle: count, partitions: 4 },
        }),
      );
      recorder.stage(
        stageEvent({ sink: { kind: 'write', verb: 'writeText', fn: 0, gzip: false, target: '/out' } }),
      );
    });
    expect(stages.map(({ inputs, sink }) => [inputs, sink])).toEqual([
      [[['range'], ['distinct', 'filter']], 'countByValue'],
      [[['textLines', 'map']], 'writeText'],
    ]);
  });

  it('tells how long chunks took, where the slowest lie, and which key is heavy', async () => {
    const count = { kind: 'count', verb: 'countByKey', key: 'pair' } as const;
    const lines = (number: number): TaskChunk => {
      const chunk = { kind: 'bytes', file: '/a.txt', start: number * 100, end: number * 100 + 100 } as const;
      return { number, branch: 0, source: { ...chunk, compression: 'none', id: '' } as never };
    };
    const usage = {
      chunkSeconds: Float64Array.of(1, 3),
      chunkRecords: Float64Array.of(10, 20),
      keys: { seen: 30, heaviest: [['hot', 24] as const, ['cold', 6] as const] },
    };
    const task = { ...message(0), chunks: [lines(0), lines(1)] };
    const bucket: TaskChunk = {
      number: 0,
      branch: 0,
      source: { kind: 'bucket', segments: [{ bucket: 0, entries: 2, length: 70 }] },
    };
    const reduce = { ...message(0), stage: 1, chunks: [bucket] };
    const { stages } = await reportOf((recorder) => {
      recorder.stage(stageEvent({ sink: { kind: 'shuffle', shuffle: count, partitions: 1 } }));
      // A search for a record to blame is not the task.
      tell(
        recorder,
        attemptEvents({ ...task, selection: { only: [0, 1] } }, usageOutcome({ pid: 1, ...usage })),
      );
      tell(recorder, attemptEvents(task, usageOutcome({ pid: 1, ...usage })));
      const branches = [{ ops: [], tag: 0, from: { stage: 0, shuffle: count } }];
      recorder.stage(stageEvent({ number: 1, branches }));
      tell(recorder, attemptEvents(reduce, usageOutcome({ pid: 1, chunkSeconds: Float64Array.of(2) })));
    });
    expect(stages[0]).toMatchObject({
      bytesIn: 200,
      chunkSeconds: { min: 1, max: 3 },
      slowest: [
        { chunk: 1, seconds: 3, records: 20, file: '/a.txt', start: 100, end: 200 },
        { chunk: 0, seconds: 1, records: 10, file: '/a.txt', start: 0, end: 100 },
      ],
      largestBucket: { key: 'hot', records: 24, share: 0.8, bytes: 70 },
    });
    expect(stages[1]).toMatchObject({ bytesIn: 70, slowest: [{ chunk: 0, seconds: 2 }] });
    expect(stages[1]).not.toHaveProperty('largestBucket');
  });

  it('tells what a checkpoint gave', async () => {
    const { restored, stages } = await reportOf((recorder) => {
      recorder.stage(stageEvent());
      const { result, skipped } = taskEvent(10, { chunks: 2 });
      recorder.task({ result: { ...result, isRestored: true }, skipped });
      recorder.task(taskEvent(5));
    });
    expect(restored).toEqual({ tasks: 1, chunks: 2, records: 10 });
    expect(stages[0]).toMatchObject({ chunks: 3, recordsIn: 15 });
  });

  it('counts attempts, and as retries those that follow a crash or a timeout of their task', async () => {
    const { attempts } = await reportOf((recorder) => {
      recorder.stage(stageEvent());
      tell(recorder, attemptEvents(message(0)));
      tell(recorder, attemptEvents(message(1), crash));
      tell(recorder, attemptEvents(message(1, 1), { kind: 'timeout' }));
      tell(recorder, attemptEvents(message(2)));
      tell(recorder, attemptEvents(message(1, 2)));
      // The task has succeeded since, so this is no retry.
      tell(recorder, attemptEvents(message(1)));
      tell(recorder, [attemptEvents(message(3))[0]!]);
    });
    expect(attempts).toEqual({ total: 7, retries: 2, crashes: 1, timeouts: 1 });
  });

  it('tells the largest child, and no child where the run worked in its own process', async () => {
    const use = (processes: number) => (recorder: Recorder) => {
      recorder.stage(stageEvent({ processes }));
      for (const rss of [100, 300, 200]) tell(recorder, attemptEvents(message(rss), replyOf(rss)));
    };
    const { memory } = await reportOf(use(2));
    expect(memory.childPeakBytes).toBe(300);
    expect(memory.parentPeakBytes).toBeGreaterThan(2 ** 20);
    expect((await reportOf(use(0))).memory.childPeakBytes).toBe(0);
  });

  it('bounds what was on the disk at once: what was kept, and the most that a task had in each process', async () => {
    const { temporaryDisk } = await reportOf((recorder) => {
      recorder.stage(stageEvent());
      tell(recorder, attemptEvents(message(0), replyOf(1, { written: 300, peak: 200, kept: 100 })));
      tell(recorder, attemptEvents(message(1), replyOf(1, { written: 400, peak: 50, kept: 50 })));
      recorder.disk({ kind: 'removed', bytes: 150 });
      tell(recorder, attemptEvents(message(2), replyOf(1, { written: 500, peak: 10, kept: 0 })));
    });
    // After the first: nothing kept, 2 * 200 of tasks; after the second: 100 and 2 * 200.
    expect(temporaryDisk).toEqual({ peakBytes: 500, totalBytes: 1200 });
    const small = await reportOf((recorder) => {
      recorder.stage(stageEvent());
      tell(recorder, attemptEvents(message(0), replyOf(1, { written: 10, peak: 10, kept: 10 })));
      recorder.disk({ kind: 'removed', bytes: 99 });
      tell(recorder, attemptEvents(message(1), replyOf(1)));
    });
    // No more can have been there than was written.
    expect(small.temporaryDisk).toEqual({ peakBytes: 10, totalBytes: 10 });
  });

  it('tells what was written, and what was left out', async () => {
    const output = { directory: '/out', files: ['/out/part-0', '/out/part-1'], records: 3, bytes: 30 };
    const record = { verb: 'map', chunk: 0, preview: '1', error: 'Error: bad' };
    const skipped = { count: 2000, records: [record] };
    const report = await reportOf((recorder) => recorder.disk({ kind: 'written', output }), {
      skipped: skipped as never,
    });
    expect(report.output).toEqual({ directory: '/out', files: 2, records: 3, bytes: 30 });
    expect(report.skipped).toEqual(skipped);
    expect(await reportOf(() => undefined)).not.toHaveProperty('output');
  });

  it('tells how the run ended, and when', async () => {
    const before = new Date().toISOString();
    const ok = await reportOf(() => undefined);
    expect(ok.outcome).toBe('ok');
    expect(ok).not.toHaveProperty('error');
    expect([before, ok.start, ok.end]).toEqual([before, ok.start, ok.end].toSorted());
    const thrown = new TaskError('map threw\u0007', { verb: 'map', chunk: 0, preview: '' });
    const failed = await reportOf(() => undefined, { end: { error: { thrown } } });
    expect(failed).toMatchObject({
      outcome: 'failed',
      error: { name: 'TaskError', code: thrown.code, message: 'map threw\\x07' },
    });
    const nobody = await reportOf(() => undefined, { end: { error: { thrown: undefined } } });
    expect(nobody).toMatchObject({ outcome: 'failed', error: { name: 'undefined', message: 'undefined' } });
  });

  it('says that a run was aborted only where the reason of its signal has ended it', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const ends = [reason, new Error('another')].map((thrown) => ({ error: { thrown } }));
    const [aborted, failed] = await Promise.all(
      ends.map(async (end) => reportOf(() => undefined, { end, signal })),
    );
    expect([aborted!.outcome, failed!.outcome]).toEqual(['aborted', 'failed']);
    const { outcome } = await reportOf(() => undefined, {
      end: ends[0]!,
      signal: new AbortController().signal,
    });
    expect(outcome).toBe('failed');
  });
});

describe('where the report goes', () => {
  it('may be a file, which must be one that can be written', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'recorder-test-'));
    const file = join(directory, 'report.json');
    const recorder = new Recorder({
      report: file,
      signal: undefined,
      skipped: nothing,
      counts: new Counts(),
    });
    await recorder.end({});
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ outcome: 'ok', stages: [] });
    const open = (report: string) => (): unknown =>
      new Recorder({ report, signal: undefined, skipped: nothing, counts: new Counts() });
    expect(open(directory)).toThrow(OptionError);
    expect(open(join(directory, 'none', 'report.json'))).toThrow('name a file in a directory that exists');
    rmSync(directory, { recursive: true });
  });

  it('does not decide how the run ends: what it throws is a warning', async () => {
    for (const report of [
      (): void => {
        throw new Error('not taken\u0007');
      },
      async () => Promise.reject(new Error('not taken\u0007')),
    ]) {
      const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
      try {
        await new Recorder({ report, signal: undefined, skipped: nothing, counts: new Counts() }).end({});
        const text = 'The report of a run was not taken: not taken\\x07';
        expect(warn.mock.calls).toEqual([[text, 'ForkfoldWarning', 'FORKFOLD_REPORT']]);
      } finally {
        warn.mockRestore();
      }
    }
  });

  it('leaves no listener on the end of the process', async () => {
    const before = process.listenerCount('exit');
    const recorder = new Recorder({
      report: () => undefined,
      signal: undefined,
      skipped: nothing,
      counts: new Counts(),
    });
    expect(process.listenerCount('exit')).toBe(before + 1);
    await recorder.end({});
    expect(process.listenerCount('exit')).toBe(before);
  });
});
