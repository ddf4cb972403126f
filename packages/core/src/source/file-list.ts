import { expandPaths } from './files/paths.js';
import { cutItems } from './items.js';
import { codec } from './lazy-codec.js';
import type { Source } from './source.js';

/**
 * One record a file, `{ path, size }`, one chunk a record: what is done with a file takes long, as a rule. `chunkSize`
 * overrides it. Read as items are.
 */
export function fileListSource(paths: readonly string[]): Source {
  return {
    name: 'files',
    identity: { paths },
    paths,
    async cut({ chunkSize, unit = 1 }) {
      const found = await expandPaths(paths);
      const items = found.map(({ path, size }) => ({ path, size }));
      const { encode } = await codec();
      const cut = cutItems(items, { chunkSize: chunkSize ?? unit }, encode);
      return { ...cut, bytes: found.reduce((sum, { size }) => sum + size, 0) };
    },
  };
}
