import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A directory of what is made once and kept for the next bench. */
export interface Cache {
  readonly directory: string;
  /**
   * The path of an input, written if it is not there yet, and what its writer has said of it.
   *
   * @param name Names all that the input depends on: its size, and a version that changes with its writer.
   * @param write Writes a file or makes a directory at a path. What it returns survives JSON.
   */
  input<Facts>(name: string, write: (path: string) => Facts): Input<Facts>;
  /** The path of a place for what a program writes, emptied. */
  output(name: string): string;
}

export interface Input<Facts> {
  readonly path: string;
  readonly facts: Facts;
}

export function openCache(directory: string): Cache {
  return {
    directory,
    input<Facts>(name: string, write: (path: string) => Facts): Input<Facts> {
      const path = join(directory, name);
      const facts = `${path}.facts.json`;
      if (!existsSync(facts)) {
        console.error(`Writing ${path} ...`);
        mkdirSync(directory, { recursive: true });
        const unfinished = `${path}.unfinished`;
        for (const old of [path, unfinished]) rmSync(old, { recursive: true, force: true });
        const found = write(unfinished);
        renameSync(unfinished, path);
        // The facts come last: where they are, the input is whole.
        writeFileSync(facts, JSON.stringify(found));
      }
      return { path, facts: JSON.parse(readFileSync(facts, 'utf8')) as Facts };
    },
    output(name) {
      mkdirSync(directory, { recursive: true });
      const path = join(directory, name);
      rmSync(path, { recursive: true, force: true });
      return path;
    },
  };
}
