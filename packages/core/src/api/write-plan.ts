import type { WrittenFiles } from '../plan/action.js';
import { nodeIn, type Dataset } from './dataset.js';
import { Plan } from './plan.js';
import { writeAction, type Loosely, type PartsFormat, type WriteOptions } from './write.js';

/** A plan that writes a dataset in a format of another package, with the commit of `writeText`. @throws OptionError */
export function writePlan(
  dataset: Dataset<never>,
  format: PartsFormat,
  directory: string,
  options: Loosely<WriteOptions> = {},
): Plan<WrittenFiles> {
  return new Plan(writeAction(nodeIn(dataset), format, directory, options));
}
