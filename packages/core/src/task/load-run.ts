import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize } from 'node:v8';
import type { Callable } from '../plan/function-ref.js';
import type { RunDescription } from '../protocol/messages.js';
import { loadFunctions } from './load-functions.js';

export interface LoadedRun {
  readonly description: RunDescription;
  readonly functions: readonly Callable[];
}

/**
 * How many runs a process remembers. The tasks of runs that share a pool take turns in a child, and loading a run costs
 * more than most tasks; but each one holds its job's arguments. More runs at a time than this are loaded again and again.
 */
const REMEMBERED = 8;

/** The runs that this process worked on, by their directories, the one used last at the end. */
const loaded = new Map<string, { readonly path: string; readonly run: Promise<LoadedRun> }>();

/** A run by the path of its description, once; `parked` settles when its module starts a run of its own. */
export async function loadRun(path: string, parked: Promise<void>): Promise<LoadedRun> {
  // A run has a directory of its own, and its stages follow one another: the next one's description replaces the last.
  const directory = dirname(path);
  let entry = loaded.get(directory);
  if (entry?.path !== path) {
    forgetEnded();
    entry = { path, run: load(path, parked) };
  }
  loaded.delete(directory);
  loaded.set(directory, entry);
  if (loaded.size > REMEMBERED) loaded.delete(loaded.keys().next().value!);
  try {
    return await entry.run;
  } catch (error) {
    if (loaded.get(directory) === entry) loaded.delete(directory);
    throw error;
  }
}

/** What a run that is over has loaded must not stay: its description is gone. */
function forgetEnded(): void {
  for (const [directory, { path }] of loaded) if (!existsSync(path)) loaded.delete(directory);
}

async function load(path: string, parked: Promise<void>): Promise<LoadedRun> {
  const description = deserialize(readFileSync(path)) as RunDescription;
  return { description, functions: await loadFunctions(description, parked) };
}
