import { inheritedExecArgv } from './exec-argv.js';
import { flagsIn, nodeOptionsOf } from './node-options.js';

/**
 * The environment of children: that of this process, and what a run gives besides. A watcher has the processes that it
 * starts report their modules through the channel to it, which a child's channel is not; the debugger of this process is
 * not for children either, which would wait for one of their own.
 */
export function childEnv(given: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...given };
  delete env['WATCH_REPORT_DEPENDENCIES'];
  const { NODE_OPTIONS: inherited } = process.env;
  if (inherited === undefined || given['NODE_OPTIONS'] !== undefined) return env;
  const flags = flagsIn(inherited);
  const kept = inheritedExecArgv(flags, undefined);
  if (kept.length < flags.length) env['NODE_OPTIONS'] = nodeOptionsOf(kept);
  return env;
}
