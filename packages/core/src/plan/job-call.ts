import { shared } from '../shared-state.js';
import type { Callable } from './callable.js';
import type { ModuleText } from './module-text.js';

/** What a job is called with: a dataset, which a child replaces by a stand-in, or a value that travels. */
export type JobArgument = { readonly dataset: true } | { readonly value: unknown };

/** A function, an aggregator or a schema that a builder has handed to a verb. */
export interface Recorded {
  readonly verb: string;
  readonly callable: Callable;
}

/** A job as its module has defined it. */
export interface Job {
  /** The URL of the module. */
  readonly module: string;
  /** The job's number among those that its module defines, in order. */
  readonly number: number;
  /** After how many jobs the texts of the module's builders repeat, as far as this one; all there are where they do not. */
  readonly period: number;
  readonly build: (...args: never[]) => unknown;
  readonly text: ModuleText;
  /** Builds it again, and gives what it hands to verbs, in order. */
  rebuild(args: readonly JobArgument[]): readonly Recorded[];
}

/** One call of a job: what a child needs to build the same dataset again. */
export interface JobCall {
  readonly job: Job;
  readonly arguments: readonly JobArgument[];
  /** All that the builder handed to verbs, in order. */
  readonly functions: Recorded[];
}

const building = shared('building', () => ({ call: undefined as JobCall | undefined }));

/** The job call that is being recorded, if a builder is running. */
export function currentCall(): JobCall | undefined {
  return building.call;
}

/**
 * Runs a builder and records the functions it hands to verbs. A job called by another job's builder
 * belongs to the outer call: the child builds the outer one only.
 */
export function recordCall<R>(call: JobCall, build: () => R): R {
  if (building.call !== undefined) return build();
  building.call = call;
  try {
    return build();
  } finally {
    building.call = undefined;
  }
}
