import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { roomElsewhere, writeError } from '../disk/write-error.js';
import type { DescriptionBytes, RunDescription } from '../protocol/run-description.js';
import type { Workspace } from './workspace.js';

/** A larger description is written to a file once, instead of being sent to every child. */
const MOST_SENT = 2 ** 20;

/** Serializes what travels once a run. @throws SourceError when the disk is full or fails. */
export async function describeRun(
  description: RunDescription,
  workspace: Workspace,
): Promise<DescriptionBytes> {
  const bytes = serialize(description);
  if (bytes.length <= MOST_SENT) return bytes;
  workspace.ensure();
  const { directory, filePrefix } = workspace;
  const file = join(directory, `${filePrefix}run`);
  await writeFile(file, bytes, { mode: 0o600 }).catch((cause: unknown) => {
    const done = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const [what, remedy] = ['temporary data', roomElsewhere(description.place.isDurable)];
    throw writeError(cause, { directory, file: directory, done, what, remedy });
  });
  return { file };
}
