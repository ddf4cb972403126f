import type { RunSample, RunSnapshot, TaskSpan } from '@forkfold/core';
import { OUTCOMES, type PageData, type SampleColumns, type SpanColumns } from './page-data.js';
import { bucketBars } from './bucket-bars.js';
import { timeBars } from './time-bars.js';

/** So many points a curve has at most. */
const MOST_POINTS = 150;

/** What the script of a page draws, of a run as it stands. */
export function toPageData({ isUnderWay, report, details, spans, samples }: RunSnapshot): PageData {
  return {
    isUnderWay,
    written: Date.now(),
    seconds: report.seconds,
    sinks: report.stages.map(({ sink }) => sink),
    spans: spanColumns(spans),
    samples: sampleColumns(samples),
    times: details.flatMap(timeBars),
    buckets: details.flatMap(bucketBars),
  };
}

function spanColumns(spans: readonly TaskSpan[]): SpanColumns {
  const deaths = spans.flatMap(({ death }, i) => (death === undefined ? [] : [[i, death] as const]));
  return {
    slot: spans.map(({ slot }) => slot),
    stage: spans.map(({ stage }) => stage),
    chunk: spans.map(({ chunk }) => chunk),
    chunks: spans.map(({ chunks }) => chunks),
    records: spans.map(({ records }) => records),
    start: spans.map(({ start }) => rounded(start)),
    end: spans.map(({ end }) => rounded(end)),
    outcome: spans.map(({ outcome }) => OUTCOMES.indexOf(outcome)),
    retry: spans.map(({ isRetry }) => (isRetry ? 1 : 0)),
    deaths: Object.fromEntries(deaths),
  };
}

/** A curve of speeds by equal pieces of the run, since the speed between two samples that are close says little. */
export function sampleColumns(all: readonly RunSample[]): SampleColumns {
  const samples = thinned(all);
  const speed = (i: number, of: 'records' | 'bytes'): number => {
    const [before, sample] = [samples[i - 1], samples[i]!];
    if (before === undefined) return 0;
    return Math.max(0, Math.round((sample[of] - before[of]) / Math.max(1e-3, sample.at - before.at)));
  };
  return {
    at: samples.map(({ at }) => rounded(at)),
    recordsPerSecond: samples.map((_, i) => speed(i, 'records')),
    bytesPerSecond: samples.map((_, i) => speed(i, 'bytes')),
    childBytes: samples.map(({ childBytes }) => childBytes),
    parentBytes: samples.map(({ parentBytes }) => parentBytes),
    spilledBytes: samples.map(({ spilledBytes }) => spilledBytes),
    busy: samples.map(({ busy }) => busy),
  };
}

function thinned(samples: readonly RunSample[]): readonly RunSample[] {
  const least = Math.max(0.2, (samples.at(-1)?.at ?? 0) / MOST_POINTS);
  const kept: RunSample[] = [];
  for (const sample of samples) {
    const before = kept.at(-1);
    if (before === undefined || sample.at - before.at >= least) kept.push(sample);
    // The last one stands for the run's end, and takes the place of one that is close to it.
    else if (sample === samples.at(-1) && kept.length > 1) kept[kept.length - 1] = sample;
    else if (sample === samples.at(-1)) kept.push(sample);
  }
  return kept;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e4) / 1e4;
}
