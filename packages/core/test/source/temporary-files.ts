import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';

/** Makes a directory that is removed after the tests of the file; the function returned writes files into it. */
export function temporaryFiles(): {
  directory: string;
  write(name: string, content: Uint8Array | string): string;
} {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'forkfold-source-')));
  afterAll(() => rmSync(directory, { recursive: true }));
  return {
    directory,
    write(name, content) {
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
  };
}
