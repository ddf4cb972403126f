// `os` is imported as a whole, since older versions of Node.js lack some of its names: they are to be refused in words.
import os from 'node:os';

/** How many processors this process may use. */
export function availableCores(): number {
  return os.availableParallelism();
}
