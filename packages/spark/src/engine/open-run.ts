import { serialize } from 'node:v8';
import {
  checkOptions,
  cutPlan,
  FailedStarts,
  maxSkipped,
  observers,
  openPool,
  OutputDirectory,
  runDirectory,
  shuffleMemory,
  type Action,
  type Books,
  type CompiledPlan,
  type CutPlan,
  type Settings,
  type TaskRunner,
  type UncutPlan,
} from '@forkfold/core/engine';
import type { QueryMetrics } from '../client/messages.js';
import { modulesOf } from '../bundle/modules-of.js';
import type { Host } from './host.js';
import { layOut } from './lay-out.js';
import { progressOf } from './progress.js';
import { refuseLive } from './refuse.js';
import type { StageResult } from './results.js';
import { SparkRun } from './spark-run.js';
import { withSparkText } from './spark-text.js';

/** A run on Spark under way, and what must be ended. */
export interface OpenRun extends AsyncDisposable {
  readonly cut: CutPlan;
  readonly books: Books;
  /** Where a writing action leaves its parts. */
  readonly output: OutputDirectory | undefined;
  /** A child of this machine that folds partial results, for a plan that ends in a fold. */
  readonly folder: TaskRunner | undefined;
  results(): AsyncGenerator<StageResult, void, undefined>;
  /** @throws EngineError where something is missing that Spark takes for complete. */
  check(): void;
  /** The run has given all that was asked of it. */
  succeed(): void;
}

export interface Given {
  readonly plan: UncutPlan;
  readonly action: Action;
  readonly settings: Settings;
  readonly books: Books;
}

/** Undoes what was done, the last first. */
type Undo = () => unknown;

/**
 * Cuts the input, makes the run's places, bundles the program, opens the session, and lays the work out.
 *
 * @throws As `Plan.run` does; nothing is left open then.
 */
export async function openRun({ options, sessions, bundles }: Host, given: Given): Promise<OpenRun> {
  const { action, settings, books } = given;
  const { plan, texts } = withSparkText(given.plan);
  const signal = abortSignalOf(books);
  const undo: Undo[] = [];
  const end = async (): Promise<void> => {
    for (const step of undo.reverse().splice(0)) await step();
  };
  try {
    let hasSucceeded = false;
    const cut = await cutPlan(plan, settings);
    undo.push(() => cut[Symbol.asyncDispose]());
    refuseLive(cut, plan);
    const output = action.output && (await OutputDirectory.open(action.output));
    if (output !== undefined) undo.push(() => (hasSucceeded ? undefined : output.discard()));
    const made = await bundles.of(modulesOf(cut.plan));
    const { session, leave } = await sessions.enter(signal);
    undo.push(leave);
    const layout = await layOut(cut, session.cores);
    const folder = await openFolder({ ...cut.plan, functions: given.plan.functions }, settings, books);
    if (folder !== undefined) undo.push(() => folder.close());
    const leash = session.leash();
    let spilledBytes = 0;
    const onMetrics = (metrics: QueryMetrics): void => void (spilledBytes += spilledBy(metrics));
    const progress = progressOf(books, cut, layout.processes);
    let isReported = false;
    const report = (): void => {
      if (isReported) return;
      isReported = true;
      const { applicationId } = session.client;
      books.observer.engine({ name: 'spark', applicationId, spilledBytes, ...progress.seen() });
    };
    // A run that fails, or that has enough, has a report too; what a listener throws then comes second to that.
    undo.push(() => {
      try {
        report();
      } catch {
        // The run has its own outcome.
      }
    });
    const run = new SparkRun({
      cut,
      texts,
      layout,
      bundle: made,
      session,
      settings,
      node: options.node ?? 'node',
      parts: output?.attempts ?? '',
      leash: leash.path,
      queryOptions: { signal, onProgress: progress.take, onMetrics },
    });
    undo.push(() => run.end());
    // Executors that see it end with it, so it goes first where the run is given up.
    undo.push(() => leash.release());
    return {
      cut,
      books,
      output,
      folder: folder?.runner,
      results: () => run.results(),
      check() {
        run.tallies.check(layout.stages);
        run.tallies.tell(books, layout.stages, layout.processes);
        report();
      },
      succeed() {
        hasSucceeded = true;
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** What ends the run, for libraries: gRPC takes nothing else. */
function abortSignalOf({ cancel }: Books): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(cancel.signal.reason);
  if (cancel.signal.aborted) abort();
  else cancel.signal.addEventListener('abort', abort);
  return controller.signal;
}

/** Bytes that the operators of a query wrote to disks for want of memory. */
function spilledBy({ metrics }: QueryMetrics): number {
  const counted = metrics.flatMap(({ execution_metrics: own }) => Object.entries(own));
  return counted.reduce((sum, [name, { value }]) => (name === 'spillSize' ? sum + value : sum), 0);
}

/** A runner of tasks on this machine, and what ends its child and removes its files. */
interface Folder {
  readonly runner: TaskRunner;
  close(): Promise<void>;
}

/** What a user's function is to fold goes to a child here, as on one machine: partial results are few. */
async function openFolder(
  plan: CompiledPlan,
  { engine: _, ...settings }: Settings,
  { counts }: Books,
): Promise<Folder | undefined> {
  const { kind } = plan.stages.at(-1)!.sink;
  if (kind !== 'count' && kind !== 'reduce' && kind !== 'aggregate') return undefined;
  const workspace = runDirectory(settings.tmpDir);
  const { path, owner } = workspace;
  const local = checkOptions({ ...settings, processes: 1 });
  const limits = { memory: shuffleMemory(settings), maxSkipped: maxSkipped(settings) };
  const place = { directory: path, filePrefix: '', isDurable: false, parts: path, owner };
  const pool = await openPool(local);
  const runner = {
    pool,
    workspace,
    run: path,
    description: serialize({ plan, limits, place }),
    isSelfContained: modulesOf(plan).length === 0,
    settings: local,
    observer: observers([]),
    counts,
    failedStarts: new FailedStarts(),
    modules: modulesOf(plan),
    tracePrefix: `${path}/trace-`,
  };
  return {
    runner,
    async close() {
      await pool.close();
      await workspace.remove();
    },
  };
}
