import { join } from 'node:path';
import type { Journal } from '../checkpoint/journal.js';
import { maxSkipped, shuffleMemory, type Settings } from '../options/settings.js';
import type { OutputDirectory } from '../output/output-directory.js';
import type { Action } from '../plan/action.js';
import type { UncutPlan } from '../plan/compile.js';
import { traitsOf } from '../plan/verbs.js';
import type { TaskResult } from '../protocol/task-result.js';
import { isInsideTask } from '../task/parking.js';
import type { Books } from './books.js';
import { cutPlan, type CutPlan, type CutStage } from './cut-plan.js';
import { describeRun } from './describe-run.js';
import { interruptible } from './interrupt.js';
import { openProfiling, type Profiling } from './profiling.js';
import { FailedStarts } from './failed-starts.js';
import { openPool } from './open-pool.js';
import { schedule } from './scheduler.js';
import { StageOutputs } from './stage-outputs.js';
import type { TaskRunner } from './task-runner.js';
import { tasksOf } from './tasks.js';
import { unlessAborted } from './unless-aborted.js';
import { importsNothing } from '../plan/compiled-plan.js';
import { openWorkspace, type Workspace } from './workspace.js';
import type { Canceller } from '../cancellation.js';
import { now } from '../timers.js';

/** A run under way: what its stages share, and what must be ended. */
export interface Run extends AsyncDisposable {
  readonly stages: readonly CutStage[];
  readonly outputs: StageOutputs;
  readonly runner: TaskRunner;
  readonly cancel: Canceller;
  /** Whether files of results are needed again: by the checkpoint. */
  readonly keepsFiles: boolean;
  /** Where a writing action leaves its parts. */
  readonly output: OutputDirectory | undefined;
  /** How many results of the last stage a stream may be ahead of its consumer. */
  readonly streamWindow: number;
  /** Runs the tasks of a stage, and gives their results; `window` is for the last one. */
  results(stage: CutStage, window?: number): AsyncGenerator<TaskResult, void, undefined>;
  /** Forgets what no stage after this one reads. */
  release(stage: CutStage): Promise<void>;
  /** The run has given all that was asked of it; its checkpoint is needed no more. */
  succeed(): void;
}

/** Undoes what was done, the last first, even where something fails. */
type Undo = () => unknown;

/**
 * Cuts the input of a plan, makes the run's places on the disk, and opens the pool.
 *
 * @throws As `Plan.run` does; nothing is left open then.
 */
export async function openRun(plan: UncutPlan, action: Action, given: Settings, books: Books): Promise<Run> {
  // A run inside a task must not fork: a pool in every child, and one in each of theirs, would be a bomb.
  const settings = isInsideTask() ? { ...given, processes: 0, pool: undefined } : given;
  const { cancel } = books;
  const undo: Undo[] = [];
  const end = async (): Promise<void> => {
    for (const step of undo.reverse().splice(0)) await step();
  };
  try {
    let [hasSucceeded, opened] = [false, undefined as Workspace | undefined];
    const interrupt = interruptible(cancel, () => opened?.discard());
    undo.push(() => interrupt.end());
    const cut = await unlessAborted(cutPlan(plan, settings), cancel.signal, disposeOf);
    undo.push(() => cut[Symbol.asyncDispose]());
    const workspace = await openWorkspace(settings, async () => {
      const { planIdentity } = await import('../checkpoint/plan-identity.js');
      return planIdentity(plan, settings);
    });
    opened = workspace;
    undo.push(() => workspace.end(hasSucceeded));
    // Nobody listened while the workspace was made.
    if (settings.signal?.aborted) cancel.abort(settings.signal.reason);
    cancel.signal.throwIfAborted();
    const output = action.output && (await openOutput(action.output));
    if (output !== undefined) undo.push(() => (hasSucceeded ? undefined : output.discard()));
    const profiling = settings.profile === undefined ? undefined : await openProfiling(settings.profile);
    undo.push(() => endProfiling(profiling, books));
    const runner = await openRunner(cut, {
      settings: profiled(settings, profiling),
      workspace,
      books,
      parts: output?.attempts,
    });
    undo.push(() => closeRunner(runner));
    return {
      ...stagesOf(cut, { settings, books, runner, workspace }),
      runner,
      cancel,
      output,
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

/** Loaded here, since most runs write nothing. */
async function openOutput(options: NonNullable<Action['output']>): Promise<OutputDirectory> {
  const { OutputDirectory } = await import('../output/output-directory.js');
  return OutputDirectory.open(options);
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

/**
 * Whether the tasks of a stream may hand over records before their end: a record that gives many may give them without end.
 * With a checkpoint, a timeout or `onError`, chunks are what counts, so that each comes as a whole.
 */
function mayPause({ wire }: CutStage, { checkpoint, timeout, onError }: Settings): boolean {
  if ((checkpoint ?? timeout) !== undefined || onError !== 'fail') return false;
  return wire.branches.some(({ ops }) => ops.some(({ verb }) => traitsOf(verb).gives === 'many'));
}

interface Opened {
  readonly settings: Settings;
  readonly workspace: Workspace;
  readonly books: Books;
}

async function openRunner(
  { plan }: CutPlan,
  { settings, workspace, books, parts }: Opened & { readonly parts: string | undefined },
): Promise<TaskRunner> {
  const { directory, filePrefix, owner, journal } = workspace;
  const isConfined = settings.pool ? settings.pool.isConfined : settings.permissions;
  const isDurable = journal !== undefined;
  // Under `permissions` children write nowhere but in the run's directory, and a checkpoint keeps what they have written.
  const partsOf = isDurable || isConfined ? directory : (parts ?? directory);
  if (parts !== undefined && partsOf === directory) workspace.mayBeMade();
  const place = { directory, filePrefix, isDurable, parts: partsOf, ...(owner && { owner }) };
  const limits = { memory: shuffleMemory(settings), maxSkipped: maxSkipped(settings) };
  const isWatched = settings.report !== undefined || (settings.progress ?? false) !== false;
  const description = await describeRun({ plan, limits, place, ...(isWatched && { isWatched }) }, workspace);
  return {
    pool: await openPool(settings),
    // A warm child knows a run by this name, and the next run of a checkpoint may have other options.
    run: join(directory, `${filePrefix}run`),
    description,
    isSelfContained: importsNothing(plan),
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

type Stages = Pick<Run, 'stages' | 'outputs' | 'keepsFiles' | 'streamWindow' | 'results' | 'release'>;

function stagesOf(
  { stages }: CutPlan,
  { settings, books, runner, workspace }: Opened & { readonly runner: TaskRunner },
): Stages {
  const { journal } = workspace;
  const outputs = new StageOutputs(stages.map(({ wire }) => wire));
  const shared = { settings, books, runner, journal, outputs, count: stages.length };
  return {
    stages,
    outputs,
    keepsFiles: journal !== undefined,
    streamWindow: settings.bufferSize ?? 4 * Math.max(1, runner.pool.size),
    results: (stage, window) => resultsOf(stage, window, shared),
    async release({ number }) {
      // What a checkpoint refers to stays until the run succeeds.
      if (journal === undefined)
        books.observer.disk({ kind: 'removed', bytes: await outputs.release(number) });
    },
  };
}

/** What the stages of a run share. */
interface Shared {
  readonly settings: Settings;
  readonly books: Books;
  readonly runner: TaskRunner;
  readonly journal: Journal | undefined;
  readonly outputs: StageOutputs;
  readonly count: number;
}

async function* resultsOf(
  stage: CutStage,
  given: number | undefined,
  { settings, books, runner, journal, outputs, count }: Shared,
): AsyncGenerator<TaskResult, void, undefined> {
  const { cancel, observer, skips } = books;
  cancel.signal.throwIfAborted();
  const { number, isLast, wire } = stage;
  const { sink } = wire;
  const processes = runner.pool.size;
  const { tasks, pace } = tasksOf(runner.run, stage, outputs, settings);
  observer.stage({ number, stages: count, stage: wire, chunks: stage.count, processes });
  for await (const result of schedule({
    tasks,
    runner,
    window: given ?? 32 * Math.max(1, processes),
    ordered: isLast ? settings.ordered : true,
    mayEndEarly: isLast && 'limit' in sink,
    cancel,
    journal: journal?.ofStage(sink.kind === 'shuffle' ? sink.partitions : 0),
    mayPause: given !== undefined && mayPause(stage, settings),
  })) {
    pace.observe(result);
    books.counts.addAll(result.counters);
    observer.task({ result, skipped: skips.count + result.skipped.count });
    skips.add(result.skipped);
    const yielded = now();
    yield result;
    if (isLast && sink.kind === 'collect') observer.waited(now() - yielded);
    if (isLast && 'file' in result.value) observer.disk({ kind: 'removed', bytes: result.value.length });
  }
}
