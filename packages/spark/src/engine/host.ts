import type { Bundles } from '../bundle/bundles.js';
import type { SparkOptions } from '../spark-options.js';
import type { SharedSession } from './shared-session.js';

/** What the runs of an engine share. */
export interface Host {
  readonly options: SparkOptions;
  readonly sessions: SharedSession;
  readonly bundles: Bundles;
}
