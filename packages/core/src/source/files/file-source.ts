import type { Source } from '../source.js';
import { cutFiles } from './byte-ranges.js';
import { expandPaths } from './paths.js';

/**
 * Files that are read by byte ranges; `paths` are strings that `checkPaths` has made.
 *
 * @param identity Besides the paths, what tells the source from another one of its name, such as an encoding.
 */
export function fileSource(name: string, paths: readonly string[], identity: unknown = null): Source {
  return {
    name,
    identity: { paths, of: identity },
    paths,
    cut: async (options) => cutFiles(await expandPaths(paths, options.onLarge), options),
  };
}
