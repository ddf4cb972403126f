import { join } from 'node:path';
import { isWatched, maxSkipped, shuffleMemory, type Settings } from '../options/settings.js';
import type { OutputDirectory } from '../output/output-directory.js';
import type { Action } from '../plan/action.js';
import type { UncutPlan } from '../plan/compile.js';
import { isInsideTask } from '../task/parking.js';
import type { Books } from './books.js';
import type { StageResult } from './by-stage.js';
import { cutPlan, type CutPass, type CutPlan, type CutStage } from './cut-plan.js';
import { describeRun } from './describe-run.js';
import { interruptible } from './interrupt.js';
import { openProfiling, type Profiling } from './profiling.js';
import { FailedStarts } from './failed-starts.js';
import { PoolOfRun } from './pool-of-run.js';
import { StageOutputs } from './stage-outputs.js';
import type { TaskRunner } from './task-runner.js';
import { passResults } from './pass-results.js';
import { planPace } from './plan-pace.js';
import { openUndo } from './undo.js';
import { unlessAborted } from './unless-aborted.js';
import { importsOf } from '../plan/compiled-plan.js';
import { openWorkspace, type Workspace } from './workspace.js';
import type { Canceller } from '../cancellation.js';

/** A run under way: what its stages share, and what must be ended. */
export interface Run extends AsyncDisposable {
  readonly passes: readonly CutPass[];
  /** The stages that give the results of the actions. */
  readonly ends: readonly CutStage[];
  readonly outputs: StageOutputs;
  readonly runner: TaskRunner;
  readonly cancel: Canceller;
  /** Whether files of results are needed again: by the checkpoint. */
  readonly keepsFiles: boolean;
  /** Where each action that writes leaves its parts. */
  readonly directories: ReadonlyMap<Action, OutputDirectory>;
  /** How many results of the last stage a stream may be ahead of its consumer. */
  readonly streamWindow: number;
  /** Runs the tasks of a pass, and gives their results; `window` is for the last one, where that is streamed. */
  results(pass: CutPass, window?: number): AsyncGenerator<readonly StageResult[], void, undefined>;
  /** Forgets what no stage after those of this pass reads. */
  release(pass: CutPass): Promise<void>;
  /** The run has given all that was asked of it; its checkpoint is needed no more. */
  succeed(): void;
}

/**
 * Cuts the input of a plan, makes the run's places on the disk, and opens the pool: before, where the input turns out to be large.
 *
 * @throws As `Plan.run` does; nothing is left open then.
 */
export async function openRun(
  plan: UncutPlan,
  actions: readonly Action[],
  given: Settings,
  books: Books,
): Promise<Run> {
  // A run inside a task must not fork: a pool in every child, and one in each of theirs, would be a bomb.
  const own = isInsideTask() ? { ...given, processes: 0, pool: undefined } : given;
  const { cancel } = books;
  const undo = openUndo();
  try {
    let [hasSucceeded, opened] = [false, undefined as Workspace | undefined];
    const interrupt = interruptible(cancel, () => opened?.discard());
    undo.add(() => interrupt.end());
    const early = new PoolOfRun(own);
    undo.add(() => early.close());
    // What profiles children is made only for input that is there.
    const onLarge = own.profile === undefined ? () => early.start() : undefined;
    const cut = await unlessAborted(cutPlan(plan, { ...own, onLarge }), cancel.signal, disposeOf);
    undo.add(() => cut[Symbol.asyncDispose]());
    const workspace = await openWorkspace(own, async () => {
      const { planIdentity } = await import('../checkpoint/plan-identity.js');
      return planIdentity(plan, own);
    });
    opened = workspace;
    undo.add(() => workspace.end(hasSucceeded));
    // Nobody listened while the workspace was made.
    if (own.signal?.aborted) cancel.abort(own.signal.reason);
    cancel.signal.throwIfAborted();
    const directories = await openOutputs(actions, (output) =>
      undo.add(() => (hasSucceeded ? undefined : output.discard())),
    );
    const attempts = actions.map((action) => directories.get(action)?.attempts);
    const profiling = own.profile === undefined ? undefined : await openProfiling(own.profile);
    undo.add(() => endProfiling(profiling, books));
    const settings = profiled(own, profiling);
    const runner = await openRunner(cut, {
      settings,
      pool: profiling === undefined ? early : new PoolOfRun(settings),
      workspace,
      books,
      parts: partsOf(plan, attempts),
    });
    undo.add(() => closeRunner(runner));
    return {
      ...stagesOf(cut, { settings, books, runner, workspace }),
      runner,
      cancel,
      directories,
      succeed() {
        hasSucceeded = true;
      },
      [Symbol.asyncDispose]: undo.all,
    };
  } catch (error) {
    // What failed first is what the user is to know.
    await undo.all().catch(() => undefined);
    throw error;
  }
}

/** Where the actions that write leave their parts; `opened` hears of each as it is made. */
async function openOutputs(
  actions: readonly Action[],
  opened: (output: OutputDirectory) => void,
): Promise<Map<Action, OutputDirectory>> {
  const directories = new Map<Action, OutputDirectory>();
  for (const action of actions) {
    if (action.output === undefined) continue;
    // Loaded here, since most runs write nothing.
    const { OutputDirectory } = await import('../output/output-directory.js');
    const output = await OutputDirectory.open(action.output);
    opened(output);
    directories.set(action, output);
  }
  return directories;
}

function profiled(settings: Settings, profiling: Profiling | undefined): Settings {
  if (profiling === undefined) return settings;
  return { ...settings, execArgv: [...(settings.execArgv ?? []), ...profiling.flags] };
}

async function endProfiling(profiling: Profiling | undefined, { observer }: Books): Promise<void> {
  const report = await profiling?.end();
  if (report !== undefined) observer.profile(report);
}

function disposeOf(late: AsyncDisposable): unknown {
  return late[Symbol.asyncDispose]();
}

/** Where each stage that gives a result writes parts to. */
function partsOf(
  { stages, results = [stages.length - 1] }: UncutPlan,
  attempts: readonly (string | undefined)[],
): Map<number, string> {
  return new Map(results.flatMap((stage, i) => (attempts[i] === undefined ? [] : [[stage, attempts[i]]])));
}

interface Opened {
  readonly settings: Settings;
  readonly workspace: Workspace;
  readonly books: Books;
}

interface OpenedRunner extends Opened {
  readonly pool: PoolOfRun;
  /** Where each stage that gives a result writes parts to. */
  readonly parts: ReadonlyMap<number, string>;
}

async function openRunner(
  { plan }: CutPlan,
  { settings, pool, workspace, books, parts }: OpenedRunner,
): Promise<TaskRunner> {
  const { directory, filePrefix, owner, journal } = workspace;
  const isConfined = settings.pool ? settings.pool.isConfined : settings.permissions;
  const isDurable = journal !== undefined;
  // Under `permissions` children write nowhere but in the run's directory, and a checkpoint keeps what they have written.
  const isInRun = isDurable || isConfined;
  const [first = directory] = isInRun ? [] : parts.values();
  if (parts.size > 0 && isInRun) workspace.mayBeMade();
  const isOfSeveral = parts.size > 1 && !isInRun;
  const place = {
    directory,
    filePrefix,
    isDurable,
    parts: first,
    ...(isOfSeveral && { partsByStage: Object.fromEntries(parts) }),
    ...(owner && { owner }),
  };
  const limits = { memory: shuffleMemory(settings), maxSkipped: maxSkipped(settings) };
  const watched = isWatched(settings) && { isWatched: true };
  const description = await describeRun({ plan, limits, place, ...watched }, workspace);
  return {
    pool: await pool.open(),
    // A warm child knows a run by this name, and the next run of a checkpoint may have other options.
    run: join(directory, `${filePrefix}run`),
    description,
    imports: importsOf(plan),
    settings,
    observer: books.observer,
    counts: books.counts,
    workspace,
    modules: [...new Set(plan.calls.map(({ module }) => module))],
    tracePrefix: join(directory, `${filePrefix}trace-`),
    failedStarts: new FailedStarts(),
    ...(settings.inspect && { pausesNext: true }),
  };
}

async function closeRunner({ pool, run, settings }: TaskRunner): Promise<void> {
  if (pool === settings.pool) pool.forget(run);
  else await pool.close();
}

type Stages = Pick<
  Run,
  'passes' | 'ends' | 'outputs' | 'keepsFiles' | 'streamWindow' | 'results' | 'release'
>;

function stagesOf(
  cut: CutPlan,
  { settings, books, runner, workspace }: Opened & { readonly runner: TaskRunner },
): Stages {
  const { stages, passes, ends } = cut;
  const { journal } = workspace;
  const outputs = new StageOutputs(stages.map(({ wire }) => wire));
  const shared = {
    ...{ settings, books, runner, journal, outputs, ends, passes },
    count: stages.length,
    pace: planPace(cut, settings),
    ahead: new Map(),
    emitted: new Map(),
  };
  return {
    passes,
    ends,
    outputs,
    keepsFiles: journal !== undefined,
    streamWindow: settings.bufferSize ?? 4 * Math.max(1, runner.pool.size),
    results: (pass, window) => passResults(pass, window, shared),
    async release({ stages: done }) {
      // What a checkpoint refers to stays until the run succeeds.
      if (journal !== undefined) return;
      const bytes = await outputs.release(done.map(({ number }) => number));
      books.observer.disk({ kind: 'removed', bytes });
    },
  };
}
