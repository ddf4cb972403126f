import {
  cutPlan,
  openUndo,
  OutputDirectory,
  type Action,
  type Books,
  type CutPlan,
  type Settings,
  type TaskRunner,
  type UncutPlan,
} from '@forkfold/core/engine';
import type { QueryMetrics } from '../client/messages.js';
import { bundledLoader } from '../bundle/loader.js';
import { modulesOf } from '../bundle/modules-of.js';
import type { Host } from './host.js';
import { layOut } from './lay-out.js';
import { openFolder } from './open-folder.js';
import { progressOf, type SparkProgress } from './progress.js';
import { refuseLive } from './refuse.js';
import type { StageResult } from './results.js';
import type { SparkSession } from './session.js';
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

/**
 * Cuts the input, makes the run's places, bundles the program, opens the session, and lays the work out.
 *
 * @throws As `Plan.run` does; nothing is left open then.
 */
export async function openRun({ options, sessions, bundles }: Host, given: Given): Promise<OpenRun> {
  const { action, settings, books } = given;
  const { plan, texts } = withSparkText(given.plan);
  const signal = abortSignalOf(books);
  const undo = openUndo();
  try {
    let hasSucceeded = false;
    const cut = await cutPlan(plan, settings);
    undo.add(() => cut[Symbol.asyncDispose]());
    refuseLive(cut, plan);
    const output = action.output && (await OutputDirectory.open(action.output));
    if (output !== undefined) undo.add(() => (hasSucceeded ? undefined : output.discard()));
    const made = await bundles.of(modulesOf(cut.plan));
    const { session, leave } = await sessions.enter(signal);
    undo.add(leave);
    const layout = await layOut(cut, session.cores);
    const folder = await openFolder({ ...cut.plan, functions: given.plan.functions }, settings, books);
    if (folder !== undefined) undo.add(() => folder.close());
    const leash = session.leash();
    const progress = progressOf(books, cut, layout.processes);
    const { report, onMetrics } = reporting(books, session, progress.seen);
    // A run that fails, or that has enough, has a report too; what a listener throws then comes second to that.
    undo.add(() => quietly(report));
    const run = new SparkRun({
      cut,
      texts,
      layout,
      bundle: made,
      loader: await bundledLoader(),
      session,
      settings,
      node: options.node ?? 'node',
      parts: output?.attempts ?? '',
      leash: leash.path,
      queryOptions: { signal, onProgress: progress.take, onMetrics },
    });
    undo.add(() => run.end());
    // Executors that see it end with it, so it goes first where the run is given up.
    undo.add(() => leash.release());
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
      succeed: () => void (hasSucceeded = true),
      [Symbol.asyncDispose]: undo.all,
    };
  } catch (error) {
    // What went wrong first is what the caller must hear of.
    await undo.all().catch(() => undefined);
    throw error;
  }
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // The run has its own outcome.
  }
}

/** Tells the observer once what Spark has done. */
function reporting(
  { observer }: Books,
  { client }: SparkSession,
  seen: SparkProgress['seen'],
): { report(): void; onMetrics(metrics: QueryMetrics): void } {
  let spilledBytes = 0;
  let isReported = false;
  return {
    onMetrics: (metrics) => void (spilledBytes += spilledBy(metrics)),
    report() {
      if (isReported) return;
      isReported = true;
      observer.engine({ name: 'spark', applicationId: client.applicationId, spilledBytes, ...seen() });
    },
  };
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
