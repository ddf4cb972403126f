import { Counts } from '../counters.js';
import { onAbort } from '../disk/shared-listeners.js';
import { isWatched, maxSkipped, type Settings } from '../options/settings.js';
import { observers, type RunObserver } from '../report/observer.js';
import { skippedRecords, type SkippedRecords } from '../report/skipped-records.js';
import { Cancellation, type Canceller } from '../cancellation.js';

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
export async function openBooks(
  sources: ReadonlySet<string>,
  settings: Settings,
  leave?: AbortSignal,
): Promise<Books> {
  const { signal } = settings;
  const cancel = new Cancellation();
  const counts = new Counts();
  const skips = skippedRecords(maxSkipped(settings), sources);
  // Most of what tells of a run is loaded only where somebody wants to hear.
  const all: RunObserver[] =
    isWatched(settings) || process.env['FORKFOLD_DEBUG']
      ? (await import('./observers-of.js')).observersOf(settings, {
          skipped: skips,
          counts,
          onRejection: (reason) => cancel.abort(reason),
        })
      : [];
  const forget = signal && onAbort(signal, () => cancel.abort(signal.reason));
  all.push({ end: () => forget?.() });
  if (leave?.aborted) cancel.abort(leave.reason);
  leave?.addEventListener('abort', () => cancel.abort(leave.reason));
  return { cancel, observer: observers(all), skips, counts };
}
