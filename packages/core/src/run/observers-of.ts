import type { Counts } from '../counters.js';
import type { Settings } from '../options/settings.js';
import { shownOptions } from '../options/shown-options.js';
import { debugObserver } from '../report/debug-observer.js';
import { liveReport } from '../report/live-report.js';
import type { RunObserver } from '../report/observer.js';
import { ProgressTeller } from '../report/progress-teller.js';
import { Recorder, type RecorderOptions } from '../report/recorder.js';
import type { RunReport } from '../report/run-report.js';
import type { RunReporter } from '../report/run-snapshot.js';
import type { SkippedRecords } from '../report/skipped-records.js';
import { TRACE, traceReport } from '../report/trace-report.js';

type PlainReport = RecorderOptions['report'];

/** What observers tell of besides, and what they may do. */
interface Watched {
  readonly skipped: SkippedRecords;
  readonly counts: Counts;
  /** Ends the run: a listener of its progress has thrown that. */
  onRejection(reason: unknown): void;
}

/**
 * Who watches a run, as its options and `FORKFOLD_DEBUG` say. Most runs are not watched, and need none of these modules.
 *
 * @throws OptionError where the report cannot be written.
 */
export function observersOf(settings: Settings, { skipped, counts, onRejection }: Watched): RunObserver[] {
  const { report, progress, signal, checkpoint, memoryLimit } = settings;
  const debug = debugObserver();
  const all: RunObserver[] = debug === undefined ? [] : [debug];
  const kept = { signal, skipped, counts, memoryLimit };
  const reporter = reporterOf(report);
  if (reporter !== undefined) all.push(liveReport(reporter, { ...kept, options: shownOptions(settings) }));
  else if (report !== undefined) all.push(new Recorder({ ...kept, report: report as PlainReport }));
  if (progress === undefined || progress === false) return all;
  const teller = new ProgressTeller({ progress, counts, checkpoint, onRejection });
  // The last line gives advice, which the books of a report tell.
  const advise = ({ advice }: RunReport): void => teller.advise(advice);
  if (progress === true) all.push(new Recorder({ ...kept, report: advise }));
  return [...all, teller];
}

/** What writes the report, where it is drawn from the course of the run. */
function reporterOf(report: Settings['report']): RunReporter | undefined {
  if (typeof report === 'object') return report;
  return typeof report === 'string' && report.endsWith(TRACE) ? traceReport(report) : undefined;
}
