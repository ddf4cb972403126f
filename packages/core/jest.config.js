import { availableParallelism } from 'node:os';
import { project } from '../../scripts/jest/project.mjs';

/**
 * Unit tests never fork.
 * `--experimental-vm-modules` is given to node, not through NODE_OPTIONS, which children would inherit.
 */
export default {
  ...project(import.meta.dirname),
  // Many tests wait for processes to end; two more workers than there are cores work meanwhile.
  maxWorkers: availableParallelism() + 2,
};
