import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { serialize } from 'node:v8';
import { roomElsewhere, writeError } from '../disk/write-error.js';
import type { RunDescription } from '../protocol/messages.js';

/** Writes what children read once: see `RunDescription`. @throws SourceError when the disk is full or fails. */
export async function writeDescription(file: string, description: RunDescription): Promise<void> {
  const { directory, isDurable } = description;
  await writeFile(file, serialize(description), { mode: 0o600 }).catch((cause: unknown) => {
    const done = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const [what, remedy] = ['temporary data', roomElsewhere(isDurable)];
    throw writeError(cause, { directory, file: directory, done, what, remedy });
  });
}
