import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpillPlace } from '../../src/blocks/spill-place.js';

/** Makes `SpillPlace`s for one directory; each has a name of its own. */
export interface TemporaryDirectory {
  io(options?: Partial<SpillPlace>): SpillPlace;
  /** The names of the files in the directory. */
  files(): string[];
  readonly path: string;
}

/** Runs `body` with a fresh directory, which is removed afterwards. */
export function withTemporaryDirectory<R>(body: (directory: TemporaryDirectory) => R): R {
  const path = mkdtempSync(join(tmpdir(), 'forkfold-shuffle-'));
  let next = 0;
  try {
    return body({
      path,
      io: (options = {}) => ({
        directory: path,
        name: `task-${next++}`,
        memory: 1e6,
        inline: 1e5,
        ...options,
      }),
      files: () => readdirSync(path),
    });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
