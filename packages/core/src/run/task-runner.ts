import type { Counts } from '../counters.js';
import type { Settings } from '../options/settings.js';
import type { TaskPool } from '../pool/pool.js';
import type { DescriptionBytes } from '../protocol/run-description.js';
import type { RunObserver } from '../report/observer.js';
import type { Workspace } from './workspace.js';
import type { Canceller, CancelSignal } from '../cancellation.js';
import type { FailedStarts } from './failed-starts.js';

/** What it takes to run the tasks of a run. */
export interface TaskRunner {
  readonly pool: TaskPool;
  /** By which name children know the run. */
  readonly run: string;
  readonly description: DescriptionBytes;
  /** The modules that loading the run imports. */
  readonly imports: readonly string[];
  readonly settings: Settings;
  readonly observer: Required<RunObserver>;
  /** Is told when a child may have written something to the run's directory. */
  readonly workspace?: Pick<Workspace, 'mayBeMade'>;
  /** The modules of the run's jobs, for messages. */
  readonly modules: readonly string[];
  /** Where an attempt writes down which record it is at; the attempt's name follows. */
  readonly tracePrefix: string;
  readonly failedStarts: FailedStarts;
  /** Whether the next task is to wait for a debugger: the first one of a run, by its option `inspect`. */
  pausesNext?: boolean;
  /** Takes what folds have counted. */
  readonly counts?: Counts;
}

/** What ends the attempts of a task. */
export interface Stops {
  /** The run is over. */
  readonly run: CancelSignal;
  /** The run is over, or will fail for the sake of another task. */
  readonly others: CancelSignal;
  /** Ends all other tasks, where a failure need not wait for its turn. */
  readonly failing?: Canceller;
}
