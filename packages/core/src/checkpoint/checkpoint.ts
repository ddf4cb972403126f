import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { permissionRemedy } from '../disk/denied.js';
import { durably } from '../disk/durable.js';
import { isFull } from '../disk/write-error.js';
import { syncDirectory } from '../disk/sync-directory.js';
import { OptionError } from '../errors.js';
import { beginError, isLock, lockCheckpoint } from './checkpoint-lock.js';
import { openJournal, type Journal } from './journal.js';
import { differences, type PlanIdentity } from './plan-identity.js';
import { wallClock } from '../timers.js';

/** Tells a plan of this version of ours from all other files of its name. */
const FORMAT = 'forkfold checkpoint 3';

/** A directory that keeps what a run has finished, for the run that goes on where it ended. */
export interface Checkpoint {
  /** Where the run writes its files. They outlive it, unless it succeeds. */
  readonly directory: string;
  /** Makes the names of files unlike those of earlier runs, whose children may still be dying. */
  readonly filePrefix: string;
  readonly journal: Journal;
  /** Ends the run: after a success nothing is left; otherwise what is finished is kept. */
  end(succeeded: boolean): Promise<void>;
}

/**
 * Opens a checkpoint, or begins one in a directory that is new or empty.
 *
 *   plan.json        what the run must have in common with the one that goes on
 *   plan.json.new    on its way there
 *   plan.json.done   what it becomes when the run has succeeded, until the rest is removed
 *   run/             the files of the run
 *   journal          results of finished tasks
 *   lock             which process has it
 *
 * @throws OptionError where the directory holds anything else, or belongs to another plan or to a run that is going on.
 */
export async function openCheckpoint(path: string, identity: PlanIdentity): Promise<Checkpoint> {
  const root = resolve(path);
  const made = await mkdir(root, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    if (isFull(cause)) throw beginError(root, cause);
    const why = `${(cause as Error).message}${permissionRemedy(cause, join(root, '*'))}`;
    throw new OptionError(`The checkpoint ${root} cannot be made: ${why}`, 'checkpoint', { cause });
  });
  // The content is checked before the lock is, since a lock that names nobody would be removed: it may be the user's own.
  await checkContent(root);
  // A directory that was made here, and that nothing is in, goes again.
  const unmake = async (): Promise<unknown> => made && rmdir(root).catch(() => undefined);
  const unlock = await lockCheckpoint(root).catch(async (error: unknown) => {
    await unmake();
    throw error;
  });
  try {
    const then = await checkContent(root);
    if (then !== undefined) compare(root, identity, then);
    else {
      await removeWork(root);
      await begin(root, identity);
    }
    const directory = join(root, 'run');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const journal = openJournal(join(root, 'journal'));
    return {
      directory,
      filePrefix: `${wallClock().toString(36)}-`,
      journal,
      async end(succeeded) {
        journal.close();
        if (succeeded) {
          const plan = join(root, 'plan.json');
          // The run has its result, whatever has become of its plan.
          await rename(plan, `${plan}.done`).catch(() => rm(plan, { force: true }));
          await removeWork(root).finally(unlock);
        } else await unlock();
        if (succeeded) await rmdir(root).catch(() => undefined);
      },
    };
  } catch (error) {
    await unlock();
    await unmake();
    throw isFull(error) ? beginError(root, error) : error;
  }
}

/**
 * The plan of the run that goes on; undefined where one may begin.
 *
 * @throws OptionError for a directory that is neither a checkpoint nor empty.
 */
async function checkContent(root: string): Promise<PlanIdentity | undefined> {
  const names = await readdir(root);
  const refuse = (why: string): OptionError =>
    new OptionError(
      `${root} is no checkpoint, it holds ${why}: give a new or an empty directory`,
      'checkpoint',
    );
  const name = ['plan.json', 'plan.json.done'].find((plan) => names.includes(plan));
  if (name === undefined) {
    for (const other of names) {
      const isOurs = other === 'plan.json.new' || (await isLock(root, other));
      if (!isOurs) throw refuse(`${other}, and no plan`);
    }
    return undefined;
  }
  const text = await readFile(join(root, name), 'utf8').catch((error: unknown) =>
    // The run that had it has just succeeded.
    (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '',
  );
  if (text === undefined) return undefined;
  const plan = parsePlan(text);
  if (plan === undefined) throw refuse(`a ${name} that is torn, or not of this version of forkfold`);
  return name === 'plan.json' ? plan : undefined;
}

function parsePlan(text: string): PlanIdentity | undefined {
  try {
    const { format, ...plan } = JSON.parse(text) as PlanIdentity & { format: string };
    return format === FORMAT ? plan : undefined;
  } catch {
    return undefined;
  }
}

/** @throws OptionError that says what differs. */
function compare(root: string, now: PlanIdentity, then: PlanIdentity): void {
  const changes = differences(now, then);
  if (changes.length === 0) return;
  const what = changes.slice(0, 5).join('; ');
  const remedy = 'restore what has changed, or remove the checkpoint';
  throw new OptionError(`The checkpoint ${root} belongs to another run: ${what}: ${remedy}`, 'checkpoint');
}

/** The plan comes first, so that whatever else is there is known to be ours. */
async function begin(root: string, identity: PlanIdentity): Promise<void> {
  const plan = join(root, 'plan.json');
  const text = JSON.stringify({ format: FORMAT, ...identity });
  try {
    await writeFile(`${plan}.new`, text, { mode: 0o600, ...durably });
    await rename(`${plan}.new`, plan);
  } catch (cause) {
    await rm(`${plan}.new`, { force: true });
    throw beginError(root, cause);
  }
  await syncDirectory(root);
}

/** Removes what a run has left that has succeeded. */
async function removeWork(root: string): Promise<void> {
  await rm(join(root, 'run'), { recursive: true, force: true, maxRetries: 3 });
  await rm(join(root, 'journal'), { force: true });
  await rm(join(root, 'plan.json.done'), { force: true });
}
