import { deserialize } from 'node:v8';
import { compileFunction } from '../plan/function-text.js';
import type { RunDescription } from '../protocol/run-description.js';
import type { Functions } from './functions.js';
import { importModule } from './import-module.js';
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
 * @param loading How this process gets at functions; Node's own ways, where it does not say.
 */
export async function loadRun(
  description: Uint8Array,
  loading: Pick<Loading, 'parked'> & Partial<Loading>,
): Promise<LoadedRun> {
  const run = deserialize(description) as RunDescription;
  const functions = await loadFunctions(run.plan, { compile: compileFunction, importModule, ...loading });
  return { description: run, functions };
}
