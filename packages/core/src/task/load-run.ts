import { deserialize } from 'node:v8';
import { compileFunction } from '../plan/function-text.js';
import type { RunDescription } from '../protocol/run-description.js';
import type { Functions } from './functions.js';
import { loadFunctions, type Loading } from './load-functions.js';

/** A run as a process that works on its tasks knows it. */
export interface LoadedRun {
  readonly description: RunDescription;
  readonly functions: Functions;
}

/**
 * Loads the functions of a run, which may take long, and fail for reasons of its own.
 *
 * @param description A serialized `RunDescription`.
 * @param parked Settles when a module that is loaded starts a run of its own.
 * @param compile Makes functions of texts.
 */
export async function loadRun(
  description: Uint8Array,
  parked: Promise<void>,
  compile: Loading['compile'] = compileFunction,
): Promise<LoadedRun> {
  const run = deserialize(description) as RunDescription;
  return { description: run, functions: await loadFunctions(run.plan, { parked, compile }) };
}
