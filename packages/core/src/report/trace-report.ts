import { resolve } from 'node:path';
import type { RunReporter, RunSample, RunSnapshot, TaskSpan } from './run-snapshot.js';

/** How the name of a file ends that takes a trace. */
export const TRACE = '.trace.json';

/** So many spans a trace shows one by one. */
const MOST_SPANS = 2 ** 18;

/** An event as the format of Chrome's trace viewer has it; times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  /** What kind it is: complete, an instant, a counter, or what names a process or a thread. */
  readonly ph: 'X' | 'i' | 'C' | 'M';
  readonly ts?: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid?: number;
  readonly cat?: string;
  /** The scope of an instant: its thread. */
  readonly s?: 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

/**
 * Writes the course of a run in Chrome's trace format, which Perfetto reads too: a thread for each place that a child has,
 * its tasks, instants for deaths and retries, counters for speed and memory.
 */
export function traceReport(path: string): RunReporter {
  return { path: resolve(path), maxSpans: MOST_SPANS, render };
}

function render({ report, spans, samples, options, machine }: RunSnapshot): string {
  const { pid } = machine;
  const slots = [...new Set(spans.map(({ slot }) => slot))].sort((a, b) => a - b);
  const events: TraceEvent[] = [
    { name: 'process_name', ph: 'M', pid, args: { name: 'forkfold' } },
    ...slots.map((slot): TraceEvent => ({ ...named(slot, slots.length), pid, tid: slot + 1 })),
    ...spans.flatMap((span) => eventsOf(span, report.stages[span.stage]?.sink ?? '', pid)),
    ...countersOf(samples, pid),
  ];
  // An event a line: such files are looked into with the tools of lines.
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  const { outcome, start, seconds, counters, advice } = report;
  const otherData = { outcome, start, seconds, options, machine, counters, advice };
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[\n${lines}\n]}\n`;
}

function named(slot: number, slots: number): Pick<TraceEvent, 'name' | 'ph' | 'args'> {
  const name = slots === 1 && slot === 0 ? 'child 1, or this process' : `child ${slot + 1}`;
  return { name: 'thread_name', ph: 'M', args: { name } };
}

function eventsOf(span: TaskSpan, sink: string, pid: number): TraceEvent[] {
  const { slot, stage, chunk, chunks, attempts, records, outcome, isRetry, death, start, end } = span;
  const place = { pid, tid: slot + 1 };
  const at = micros(start);
  const what = chunk < 0 ? 'fold' : chunks === 1 ? `chunk ${chunk}` : `chunks ${chunk}, ...`;
  const args = { stage: stage + 1, chunk, chunks, attempts, records, outcome, childPid: span.pid, death };
  const events: TraceEvent[] = [
    {
      name: `${sink} ${what}`,
      cat: `stage ${stage + 1}`,
      ph: 'X',
      ts: at,
      dur: micros(end) - at,
      ...place,
      args,
    },
  ];
  if (isRetry) events.push({ name: 'retry', cat: 'retry', ph: 'i', s: 't', ts: at, ...place });
  if (outcome === 'died' || outcome === 'timeout') {
    const name = outcome === 'died' ? `died: ${death}` : 'timeout';
    events.push({ name, cat: 'death', ph: 'i', s: 't', ts: micros(end), ...place });
  }
  return events;
}

function countersOf(samples: readonly RunSample[], pid: number): TraceEvent[] {
  return samples.flatMap((sample, i) => {
    const { at, records, bytes, busy, childBytes, parentBytes, spilledBytes } = sample;
    const before = samples[i - 1] ?? { at: 0, records: 0, bytes: 0 };
    const seconds = Math.max(1e-3, at - before.at);
    const counter = (name: string, args: Record<string, number>): TraceEvent => {
      return { name, ph: 'C', ts: micros(at), pid, args };
    };
    return [
      counter('records/s', { records: Math.round((records - before.records) / seconds) }),
      counter('MB/s', { read: Math.round((bytes - before.bytes) / seconds / 1e4) / 100 }),
      counter('memory in MB', { children: megabytes(childBytes), parent: megabytes(parentBytes) }),
      counter('children at work', { busy }),
      counter('spilled MB', { spilled: megabytes(spilledBytes) }),
    ];
  });
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}

function micros(seconds: number): number {
  return Math.round(seconds * 1e6);
}
