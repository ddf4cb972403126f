import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { Callable } from '../dataset/function-ref.js';
import type { RunDescription } from '../transport/messages.js';
import { loadFunctions } from './load-function.js';

export interface LoadedRun {
  readonly description: RunDescription;
  readonly functions: readonly Callable[];
}

/** The last run that this process worked on; a pool's children serve one after another. */
let loaded: { readonly path: string; readonly run: Promise<LoadedRun> } | undefined;

/** A run by the path of its description, once; `parked` settles when its module starts a run of its own. */
export function loadRun(path: string, parked: Promise<void>): Promise<LoadedRun> {
  if (loaded?.path !== path) loaded = { path, run: load(path, parked) };
  return loaded.run;
}

async function load(path: string, parked: Promise<void>): Promise<LoadedRun> {
  const description = deserialize(readFileSync(path)) as RunDescription;
  return { description, functions: await loadFunctions(description, parked) };
}
