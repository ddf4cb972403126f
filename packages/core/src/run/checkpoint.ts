import { randomUUID } from 'node:crypto';
import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { openJournal, type Journal } from './journal.js';
import { differences, type PlanIdentity } from './plan-identity.js';
import { isAlive, ownIdentity, parseIdentity, type ProcessIdentity } from './process-identity.js';

/** A directory that keeps what a run has finished, for the run that goes on where it ended. */
export interface Checkpoint {
  /** Where the run writes its files. They outlive it, unless it succeeds. */
  readonly directory: string;
  /** Makes the names of files unlike those of earlier runs, whose children may still be dying. */
  readonly session: string;
  readonly journal: Journal;
  /** Ends the run: after a success nothing is left; otherwise what is finished is kept. */
  end(succeeded: boolean): Promise<void>;
}

/**
 * Opens a checkpoint, or begins one in a directory that is new or empty.
 *
 * @throws OptionError where the directory belongs to another plan or to a run that is going on.
 */
export async function openCheckpoint(path: string, identity: PlanIdentity): Promise<Checkpoint> {
  const root = resolve(path);
  const [plan, directory, log] = ['plan.json', 'run', 'journal'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(root, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new OptionError(
      `The checkpoint ${root} cannot be made: ${(cause as Error).message}`,
      'checkpoint',
      { cause },
    );
  });
  const unlock = await lock(root);
  try {
    const names = (await readdir(root)).filter((name) => !name.startsWith('lock'));
    const text = await readFile(plan, 'utf8').catch(() => undefined);
    if (text === undefined) {
      // The plan is written last, so without one there is no work to lose.
      const strange = names.find((name) => !['plan.json.new', 'run', 'journal'].includes(name));
      if (strange !== undefined) {
        const why = `it holds ${strange}, and no plan`;
        throw new OptionError(
          `${root} is no checkpoint, ${why}: give a new or an empty directory`,
          'checkpoint',
        );
      }
      await rm(directory, { recursive: true, force: true });
      await rm(log, { force: true });
      await mkdir(directory, { mode: 0o700 });
      await writeFile(`${plan}.new`, JSON.stringify(identity), { mode: 0o600, flush: true });
      await rename(`${plan}.new`, plan);
      await syncDirectory(root);
    } else {
      const changes = differences(identity, JSON.parse(text) as PlanIdentity);
      if (changes.length > 0) {
        const what = changes.slice(0, 5).join('; ');
        const remedy = 'restore what has changed, or remove the checkpoint';
        throw new OptionError(
          `The checkpoint ${root} belongs to another run: ${what}: ${remedy}`,
          'checkpoint',
        );
      }
    }
    const journal = openJournal(log);
    return {
      directory,
      session: `${Date.now().toString(36)}-`,
      journal,
      async end(succeeded) {
        journal.close();
        if (succeeded) {
          // Without its plan it is no checkpoint any more, however little of it is removed.
          await rm(plan, { force: true });
          await rm(directory, { recursive: true, force: true, maxRetries: 3 });
          await rm(log, { force: true });
        }
        await unlock();
        if (succeeded) await rmdir(root).catch(() => undefined);
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Takes the directory for this process. A lock whose owner is dead is broken. */
async function lock(root: string): Promise<() => Promise<void>> {
  const path = join(root, 'lock');
  const own = `${path}-${process.pid}-${randomUUID()}`;
  await writeFile(own, JSON.stringify(ownIdentity()), { mode: 0o600 }).catch((cause: unknown) => {
    const why = (cause as Error).message;
    throw new OptionError(`The checkpoint ${root} cannot be written to: ${why}`, 'checkpoint', { cause });
  });
  try {
    // A link appears with its content, so nobody reads a lock without its owner's name.
    while (!(await tryLink(own, path))) await breakLock(root, path, `${own}-dead`);
  } finally {
    await unlink(own);
  }
  return () => unlink(path).catch(() => undefined);
}

/** @throws OptionError where the lock's owner is alive. */
async function breakLock(root: string, path: string, aside: string): Promise<void> {
  const check = async (file: string): Promise<void> => {
    const owner = await ownerOf(file);
    if (owner === undefined || !isAlive(owner, await lastTouched(root))) return;
    const where = owner.host === ownIdentity().host ? '' : ` on ${owner.host}`;
    const text = `The checkpoint ${root} is in use by a run of process ${owner.pid}${where}`;
    const remedy =
      'wait for its end, or give another directory; if there is no such process, remove the file "lock"';
    throw new OptionError(`${text}: ${remedy}`, 'checkpoint');
  };
  await check(path);
  // Moved first, then looked at again: another run may have broken the lock and taken it in between.
  if (
    !(await rename(path, aside).then(
      () => true,
      () => false,
    ))
  )
    return;
  try {
    await check(aside);
  } catch (error) {
    await tryLink(aside, path);
    throw error;
  } finally {
    await unlink(aside);
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined of a lock that was torn by a power cut, or is just gone. */
async function ownerOf(path: string): Promise<ProcessIdentity | undefined> {
  return readFile(path, 'utf8').then(parseIdentity, () => undefined);
}

/** When a run has last locked it, or finished a task. */
async function lastTouched(root: string): Promise<number> {
  const times = ['lock', 'journal', 'run'].map((name) =>
    stat(join(root, name)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return Math.max(...(await Promise.all(times)));
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no such thing, and needs none.
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
