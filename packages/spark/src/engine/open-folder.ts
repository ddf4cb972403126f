import { serialize } from 'node:v8';
import {
  checkOptions,
  FailedStarts,
  maxSkipped,
  observers,
  openPool,
  runDirectory,
  shuffleMemory,
  type Books,
  type CompiledPlan,
  type OwnRunDirectory,
  type Settings,
  type TaskRunner,
} from '@forkfold/core/engine';
import { modulesOf } from '../bundle/modules-of.js';

/** A runner of tasks on this machine, and what ends its child and removes its files. */
export interface Folder {
  readonly runner: TaskRunner;
  /** Removes the files in any case. Rejects where the child does not end as it should. */
  close(): Promise<void>;
}

type OpenPool = typeof openPool;

/**
 * What a user's function is to fold goes to a child here, as on one machine: partial results are few.
 *
 * @returns undefined for a plan that ends in no fold.
 */
export async function openFolder(
  plan: CompiledPlan,
  { engine: _, ...settings }: Settings,
  { counts }: Pick<Books, 'counts'>,
  open: OpenPool = openPool,
): Promise<Folder | undefined> {
  const { kind } = plan.stages.at(-1)!.sink;
  if (kind !== 'count' && kind !== 'reduce' && kind !== 'aggregate') return undefined;
  const local = checkOptions({ ...settings, processes: 1 });
  const workspace = runDirectory(settings.tmpDir);
  try {
    const pool = await open(local);
    const runner = { ...describeRunner(plan, local, workspace), pool, counts };
    return { runner, close: () => pool.close().finally(() => workspace.remove()) };
  } catch (error) {
    await workspace.remove();
    throw error;
  }
}

function describeRunner(
  plan: CompiledPlan,
  settings: Settings,
  workspace: OwnRunDirectory,
): Omit<TaskRunner, 'pool'> {
  const { path, owner } = workspace;
  const limits = { memory: shuffleMemory(settings), maxSkipped: maxSkipped(settings) };
  const place = { directory: path, filePrefix: '', isDurable: false, parts: path, owner };
  const modules = modulesOf(plan);
  return {
    workspace,
    run: path,
    description: serialize({ plan, limits, place }),
    imports: modules,
    settings,
    observer: observers([]),
    failedStarts: new FailedStarts(),
    modules,
    tracePrefix: `${path}/trace-`,
  };
}
