import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { wrongArgument } from '../checks/wrong-argument.js';
import { own, type ModuleRef } from '../module-ref.js';
import type { Action } from '../plan/action.js';
import { referModule } from '../plan/function-ref.js';

/** How `writeText` and `writeJsonLines` write. */
export interface WriteOptions {
  /** Replaces an earlier output; it stays as it is until the new one is complete. @default false */
  readonly overwrite?: boolean;
  /** Compresses every part; its name then ends in `.gz`. @default false */
  readonly gzip?: boolean;
}

/** How the parts of a writing verb are made. */
export interface PartsFormat {
  /** How the user calls it. */
  readonly verb: string;
  /** Ending of the names of parts, such as `.txt`. */
  readonly suffix: string;
  /** Where children find the `PartFormat`. */
  readonly format: ModuleRef;
}

export const textFormat: PartsFormat = {
  verb: 'writeText',
  suffix: '.txt',
  format: { module: own.formats, name: 'text' },
};
export const jsonLinesFormat: PartsFormat = {
  verb: 'writeJsonLines',
  suffix: '.jsonl',
  format: { module: own.formats, name: 'jsonLines' },
};

/** What `writeText` and `writeJsonLines` do. @throws OptionError */
export function writeAction(
  { verb, suffix, format }: PartsFormat,
  directory: string,
  options: WriteOptions,
): Action {
  const { overwrite, gzip } = checkWrite(directory, options);
  const target = resolve(directory);
  const fn = referModule(verb, format);
  return {
    sink: { kind: 'write', verb, fn, gzip, target },
    output: { directory: target, overwrite, suffix: gzip ? `${suffix}.gz` : suffix },
    finish: ({ value }) => value,
  };
}

// Checked without zod, because a child runs this too when it rebuilds a job.
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
