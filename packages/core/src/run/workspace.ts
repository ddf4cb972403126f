import { rmSync } from 'node:fs';
import type { Settings } from '../options/run-options.js';
import { openCheckpoint } from '../checkpoint/checkpoint.js';
import type { Journal } from '../checkpoint/journal.js';
import type { PlanIdentity } from '../checkpoint/plan-identity.js';
import { makeRunDirectory, removeOrphans, removeRunDirectory } from '../disk/run-directory.js';

/** Where a run writes its files: a directory of its own under `tmpDir`, or its checkpoint. */
export interface Workspace {
  /** Mode 0700. */
  readonly directory: string;
  /** Begins the names of files. */
  readonly session: string;
  /** Finished tasks, where there is a checkpoint. */
  readonly journal?: Journal;
  /** Removes what must not outlive a process that is about to exit. */
  discard(): void;
  end(succeeded: boolean): Promise<void>;
}

export async function openWorkspace(
  { checkpoint, tmpDir }: Settings,
  identity: () => Promise<PlanIdentity>,
): Promise<Workspace> {
  if (checkpoint !== undefined) {
    return { ...(await openCheckpoint(checkpoint, await identity())), discard: () => undefined };
  }
  const directory = await makeRunDirectory(tmpDir);
  const swept = removeOrphans(tmpDir);
  return {
    directory,
    session: '',
    discard: () => rmSync(directory, { recursive: true, force: true }),
    async end() {
      await removeRunDirectory(directory);
      await swept;
    },
  };
}
