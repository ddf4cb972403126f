import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { wrongArgument } from '../checks/wrong-argument.js';
import type { WriteVerb } from '../plan/node.js';
import type { Action } from './plan.js';

/** How `writeText` and `writeJsonLines` write. */
export interface WriteOptions {
  /** Replaces an earlier output; it stays as it is until the new one is complete. @default false */
  readonly overwrite?: boolean;
  /** Compresses every part; its name then ends in `.gz`. @default false */
  readonly gzip?: boolean;
}

/** What `writeText` and `writeJsonLines` have written. */
export interface WrittenFiles {
  /** Absolute. */
  readonly directory: string;
  /** The parts, as absolute paths, in the order of the dataset. */
  readonly files: readonly string[];
  /** Records in all parts. */
  readonly records: number;
  /** Size of all parts, as it is on the disk. */
  readonly bytes: number;
}

/** What `writeText` and `writeJsonLines` do. @throws OptionError */
export function writeAction(verb: WriteVerb, directory: string, options: WriteOptions): Action {
  const { overwrite, gzip } = checkWrite(directory, options);
  return {
    sink: { kind: 'write', verb, gzip, target: resolve(directory) },
    output: { directory: resolve(directory), overwrite },
    finish: ({ value }) => value,
  };
}

// By hand, without zod, since children build jobs that write.
function checkWrite(directory: unknown, options: WriteOptions): Required<WriteOptions> {
  if (typeof directory !== 'string' || directory === '') {
    throw wrongArgument('dir', 'the path of a directory', directory);
  }
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongArgument('options', 'an object', options);
  }
  const known = { overwrite: false, gzip: false };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) {
      throw new OptionError(
        `Unknown option ${JSON.stringify(name)}: known are "overwrite" and "gzip"; others go to run`,
        name,
      );
    }
    if (value !== undefined && typeof value !== 'boolean') throw wrongArgument(name, 'a boolean', value);
  }
  return { overwrite: options.overwrite ?? false, gzip: options.gzip ?? false };
}
