import { Counts } from '../counters.js';
import { onAbort } from '../disk/shared-listeners.js';
import { maxSkipped, type Settings } from '../options/settings.js';
import { shownOptions } from '../options/shown-options.js';
import { liveReport } from '../report/live-report.js';
import { debugObserver } from '../report/debug-observer.js';
import { observers, type RunObserver } from '../report/observer.js';
import { ProgressTeller } from '../report/progress-teller.js';
import { Recorder, type RecorderOptions } from '../report/recorder.js';
import type { RunReport } from '../report/run-report.js';
import type { RunReporter } from '../report/run-snapshot.js';
import { skippedRecords, type SkippedRecords } from '../report/skipped-records.js';
import { TRACE, traceReport } from '../report/trace-report.js';
import { Cancellation, type Canceller } from '../cancellation.js';

type PlainReport = RecorderOptions['report'];

/** What is kept of a run from its first to its last moment, whatever becomes of it. */
export interface Books {
  /** Ends the run early: by its signal, Ctrl-C, or what a listener of its progress throws. */
  readonly cancel: Canceller;
  readonly observer: Required<RunObserver>;
  readonly skips: SkippedRecords;
  /** What the functions of the run have counted. */
  readonly counts: Counts;
}

/**
 * @param sources The names of the run's sources.
 * @param leave Ends the run early, too: its consumer has left.
 * @throws OptionError where the report cannot be written.
 */
export function openBooks(sources: ReadonlySet<string>, settings: Settings, leave?: AbortSignal): Books {
  const { report, progress, signal, checkpoint, memoryLimit } = settings;
  const cancel = new Cancellation();
  const counts = new Counts();
  const skips = skippedRecords(maxSkipped(settings), sources);
  const debug = debugObserver();
  const all: RunObserver[] = debug === undefined ? [] : [debug];
  const kept = { signal, skipped: skips, counts, memoryLimit };
  const reporter = reporterOf(report);
  if (reporter !== undefined) all.push(liveReport(reporter, { ...kept, options: shownOptions(settings) }));
  else if (report !== undefined) all.push(new Recorder({ ...kept, report: report as PlainReport }));
  if (progress !== undefined && progress !== false) {
    const onRejection = (reason: unknown): void => cancel.abort(reason);
    const teller = new ProgressTeller({ progress, counts, checkpoint, onRejection });
    // The last line gives advice, which the books of a report tell.
    const advise = ({ advice }: RunReport): void => teller.advise(advice);
    if (progress === true) {
      all.push(new Recorder({ ...kept, report: advise }));
    }
    all.push(teller);
  }
  const forget = signal && onAbort(signal, () => cancel.abort(signal.reason));
  all.push({ end: () => forget?.() });
  if (leave?.aborted) cancel.abort(leave.reason);
  leave?.addEventListener('abort', () => cancel.abort(leave.reason));
  return { cancel, observer: observers(all), skips, counts };
}

/** What writes the report, where it is drawn from the course of the run. */
function reporterOf(report: Settings['report']): RunReporter | undefined {
  if (typeof report === 'object') return report;
  return typeof report === 'string' && report.endsWith(TRACE) ? traceReport(report) : undefined;
}
