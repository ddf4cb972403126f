import { shared } from '../shared-state.js';

/** Where this process is; undefined where that directory has been removed. */
export function currentDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** Where this process was when it loaded forkfold: its flags name modules from there, wherever it has gone since. */
export const startDirectory = shared('start directory', currentDirectory);
