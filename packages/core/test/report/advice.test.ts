import { expect, it } from '@jest/globals';
import { adviceOf, type AdviceFacts } from '../../src/report/advice.js';
import type { ChildReport, ParentReport, RunReport, StageReport } from '../../src/report/run-report.js';

const stage: StageReport = {
  inputs: [['textLines', 'map']],
  sink: 'count',
  ...{ chunks: 10, recordsIn: 1e6, recordsOut: 1e6, bytes: 10, bytesIn: 1e8, bytesOut: 10, seconds: 10 },
  spilledBytes: 0,
  chunkSeconds: { min: 1, median: 1.5, p95: 2, max: 2 },
  slowest: [{ chunk: 3, seconds: 2, records: 1000, file: '/a.txt', start: 0, end: 10 }],
};

const child = (pid: number, more: Partial<ChildReport> = {}): ChildReport => ({
  ...{ pid, tasks: 10, busySeconds: 9, idleSeconds: 1, serializeSeconds: 0, gcSeconds: 0, peakBytes: 1 },
  ...more,
});

const parent: ParentReport = {
  ...{ busySeconds: 1, idleSeconds: 9, cpuSeconds: 1, peakBytes: 1, consumerSeconds: 0 },
};

interface Situation {
  readonly stage?: Partial<StageReport>;
  readonly parent?: Partial<ParentReport>;
  readonly report?: Partial<RunReport>;
  readonly facts?: Partial<AdviceFacts>;
}

const elsewhere = { name: 'elsewhere', applicationId: undefined, spilledBytes: 0, stages: 2, tasks: 9 };

/** Advice for a run in which all is well, but for what is given. */
const adviceFor = ({ stage: ofStage, parent: ofParent, report, facts }: Situation = {}) =>
  adviceOf(
    {
      ...{ outcome: 'ok', start: '', end: '', seconds: 10, processes: 2 },
      stages: [{ ...stage, ...ofStage }],
      children: [child(1), child(2)],
      parent: { ...parent, ...ofParent },
      restored: { tasks: 0, chunks: 0, records: 0 },
      counters: {},
      attempts: { total: 10, retries: 0, crashes: 0, timeouts: 0 },
      temporaryDisk: { peakBytes: 0, totalBytes: 0 },
      memory: { parentPeakBytes: 1, childPeakBytes: 1 },
      skipped: { count: 0, records: [] },
      ...report,
    },
    { cores: 2, movingShare: 0.1, calls: [], ...facts },
  );

it('says nothing where nothing stands out', () => {
  expect(adviceFor()).toEqual([]);
});

it.each(['reduceByKey', 'countByValue', 'single', 'collect'])('says nothing of a hot key to %s', (sink) => {
  const largestBucket = { key: 'x', records: 6e5, bytes: 1, share: 0.6 };
  expect(adviceFor({ stage: { sink, largestBucket } })).toEqual([]);
});

const slow = { chunk: 3, seconds: 8, records: 1000, file: '/a.gz' };
const situations: readonly (readonly [string, Situation, RegExp, RegExp])[] = [
  [
    'compressed-file',
    { stage: { slowest: [slow] } },
    /^One child read \/a.gz for 8 s of the 10 s/,
    /uncompressed/,
  ],
  [
    'slow-chunk',
    { stage: { slowest: [{ ...slow, file: '/a' }] } },
    /^Chunk 3 \(\/a\), one of 10, took 8 s/,
    /smaller/,
  ],
  [
    'slow-chunk',
    { stage: { slowest: [{ chunk: 3, seconds: 8, records: 1 }] } },
    /^Chunk 3, one/,
    /its record/,
  ],
  [
    'hot-key',
    { stage: { sink: 'groupByKey', largestBucket: { key: 'x', records: 6e5, bytes: 1, share: 0.6 } } },
    /^The key "x" holds 60 % of the records of groupByKey/,
    /reduceByKey/,
  ],
  [
    'hot-key',
    { stage: { sink: 'sortBy', largestBucket: { key: 'x', records: 6e5, bytes: 1, share: 0.6 } } },
    /^The key "x" holds 60 % of the records of sortBy/,
    /a second key/,
  ],
  [
    'few-calls',
    { facts: { calls: [{ underWay: 4, concurrency: 4, cpuSeconds: 1, seconds: 20 }] } },
    /^mapAsync of stage 1 never had more than 4 of 4 calls .* waited 95 %/,
    /raise its concurrency/,
  ],
  [
    'few-calls',
    { facts: { calls: [{ underWay: 2, concurrency: 64, cpuSeconds: 1, seconds: 20 }] } },
    /2 of 64 calls/,
    /more records at a time/,
  ],
  [
    'small-work',
    { report: { seconds: 0.3, children: [child(1, { busySeconds: 0.05 })] } },
    /one process would do it in about 0.05 s$/,
    /processes: 0/,
  ],
  ['more-processes-than-cores', { facts: { cores: 1 } }, /^2 processes share 1 core$/, /set it to 1;/],
  ['moving-results', { facts: { movingShare: 0.7 } }, /^70 % of the children's time/, /return less/],
  [
    'recycled-children',
    { report: { children: Array.from({ length: 6 }, (_, i) => child(i)) } },
    /^6 children worked one after the other in 2 places/,
    /tasksPerProcess/,
  ],
  [
    'spilling',
    { stage: { spilledBytes: 50e6 }, facts: { memoryLimit: 60 } },
    /^50 MB .* memoryLimit: 60 leaves 10 MB/,
    /raise memoryLimit/,
  ],
  [
    'slow-consumer',
    { parent: { consumerSeconds: 9, busySeconds: 9 } },
    /waited 9 s of 10 s/,
    /move that work/,
  ],
  [
    'engine-spilling',
    { report: { engine: { ...elsewhere, spilledBytes: 50e6 }, processes: 64 } },
    /^The engine elsewhere itself wrote 50 MB to disks/,
    /more memory/,
  ],
  ['busy-parent', { parent: { busySeconds: 9.5 } }, /busy for 9.5 s of 10 s/, /return less/],
];

it.each(situations)('%s is told with its remedy', (code, situation, text, remedy) => {
  expect(adviceFor(situation)).toEqual([
    { code, text: expect.stringMatching(text), remedy: expect.stringMatching(remedy) },
  ]);
});

it('compares the processes of another engine with no cores of this machine', () => {
  expect(adviceFor({ report: { engine: elsewhere, processes: 64, children: [] } })).toEqual([]);
});

it('blames crashes for no replacement, and memory for no spilling that more would not save', () => {
  const children = Array.from({ length: 6 }, (_, i) => child(i));
  const attempts = { total: 10, retries: 4, crashes: 4, timeouts: 0 };
  expect(adviceFor({ report: { children, attempts } })).toEqual([]);
  expect(adviceFor({ stage: { spilledBytes: 50e6 }, facts: { memoryLimit: 1000 } })).toEqual([]);
  expect(adviceFor({ stage: { spilledBytes: 50e6 } })).toEqual([]);
});
