import type { Journal } from '../checkpoint/journal.js';
import type { PlanIdentity } from '../checkpoint/plan-identity.js';
import type { ProcessIdentity } from '../disk/process-identity.js';
import { runDirectory } from '../disk/own-run-directory.js';
import type { Settings } from '../options/settings.js';

/** Where a run writes its files: a directory of its own under `tmpDir`, or its checkpoint. */
export interface Workspace {
  /** Mode 0700. */
  readonly directory: string;
  /** Whose it is, where it is made only once something is written to it. */
  readonly owner?: ProcessIdentity;
  /** Begins the names of files. */
  readonly filePrefix: string;
  /** Finished tasks, where there is a checkpoint. */
  readonly journal?: Journal;
  /** Makes the directory, if that has not been done. */
  ensure(): void;
  /** Notes that a child may have made it. */
  mayBeMade(): void;
  /** Removes what must not outlive a process that is about to exit. */
  discard(): void;
  end(succeeded: boolean): Promise<void>;
}

export async function openWorkspace(
  { checkpoint, tmpDir }: Settings,
  identity: () => Promise<PlanIdentity>,
): Promise<Workspace> {
  if (checkpoint !== undefined) {
    const nothing = (): void => undefined;
    // Loaded here, since few runs have one.
    const { openCheckpoint } = await import('../checkpoint/checkpoint.js');
    return {
      ...(await openCheckpoint(checkpoint, await identity())),
      ensure: nothing,
      mayBeMade: nothing,
      discard: nothing,
    };
  }
  const { path, owner, ensure, mayBeMade, removeNow, remove } = runDirectory(tmpDir);
  return { directory: path, owner, filePrefix: '', ensure, mayBeMade, discard: removeNow, end: remove };
}
