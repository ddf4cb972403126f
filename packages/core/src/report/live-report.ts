import { version } from '../shared-state.js';
import { clearTimeout, now, setTimeout } from '../timers.js';
import { availableCores } from './available-cores.js';
import { observers, type RunObserver } from './observer.js';
import { Recorder, type RecorderOptions } from './recorder.js';
import { checkReportFile, writeReportFile } from './report-file.js';
import type { RunReport } from './run-report.js';
import type { RunReporter, RunSnapshot } from './run-snapshot.js';
import { Timeline } from './timeline.js';

/** So many spans a page can draw, and a parent make a page of, in a moment. */
const MOST_SPANS = 16_384;
/** A version of the file may take so much of the time until the next. */
const SHARE = 0.02;

type Kept = Omit<RecorderOptions, 'report'> & Pick<RunSnapshot, 'options'>;

/**
 * Writes the file of a reporter: in the end, and before where it wants that. A version that cannot be written while the
 * run is under way is left out.
 *
 * @throws OptionError where the file cannot be written.
 */
export function liveReport(reporter: RunReporter, { options, ...kept }: Kept): RunObserver {
  const file = checkReportFile(reporter.path);
  const timeline = new Timeline(reporter.maxSpans ?? MOST_SPANS);
  const recorder = new Recorder({ ...kept, report: (report) => write(report, false) });
  const write = (report: RunReport, isUnderWay: boolean): void => {
    const { spans, samples } = timeline;
    const course = { details: recorder.details(), spans, samples };
    const text = reporter.render({ isUnderWay, report, ...course, options, machine: thisMachine() });
    writeReportFile(file, text, !isUnderWay);
  };
  const stop = repeatedly(reporter.every, () => write(recorder.soFar(), true));
  return observers([timeline, { end: stop }, recorder]);
}

/** Does something again and again, less often where it takes long; that alone keeps no program alive. */
function repeatedly(every: number | undefined, act: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = (seconds: number): void => {
    timer = setTimeout(() => {
      const started = now();
      try {
        act();
      } catch {
        // The last version, whose failure is told, may yet be written.
      }
      wait(Math.max(every!, (now() - started) / 1000 / SHARE));
    }, seconds * 1000);
    timer.unref();
  };
  // The first version comes early, so that there is something to open.
  if (every !== undefined) wait(Math.min(every, 0.2));
  return () => clearTimeout(timer);
}

function thisMachine(): RunSnapshot['machine'] {
  return {
    forkfold: version,
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    cores: availableCores(),
    pid: process.pid,
  };
}
