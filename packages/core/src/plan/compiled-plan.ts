import { isOwn } from '../module-ref.js';
import type { CallPrint } from './function-print.js';
import type { FunctionRef } from './function-ref.js';
import type { Shuffle, Sink } from './node.js';
import type { Op } from './verbs.js';

/** A plan as it ships to whatever runs it: plain data, in which functions are numbers. Nothing in it is of one machine. */
export interface CompiledPlan {
  readonly calls: readonly WireCall[];
  /** An argument of a function stands before the function that it is given to. */
  readonly functions: readonly WireFunction[];
  /** In the order in which they run. */
  readonly stages: readonly WireStage[];
  /** Which stages go over the same input, and are run in one pass. A stage that stands in none has a pass of its own. */
  readonly passes?: readonly WirePass[];
}

/** Neighbouring stages with one input. */
export type WirePass = readonly PassStage[];

/** A stage of a pass. */
export interface PassStage {
  readonly stage: number;
  /** How many verbs, at the end of each of its branches, are not below the input that the stages have in common. */
  readonly own: number;
}

/** A function as it travels; functions are named by their index in the plan. */
export type WireFunction = FunctionRef<number, WireArgument>;

/** What a module's function is given. */
export type WireArgument = { readonly fn: number } | { readonly value: Uint8Array };

/** A call of a job, to be done again where its functions are needed. */
export interface WireCall {
  readonly module: string;
  /** The job's number in its module, and the period of the module's jobs up to it. */
  readonly number: number;
  readonly period: number;
  readonly arguments: readonly WireJobArgument[];
  /** What the child builds must be the same. */
  readonly print: CallPrint;
}

/** An argument of a job. */
export type WireJobArgument = { readonly dataset: true } | { readonly value: Uint8Array };

/** A way from an input to the sink of a stage. */
export interface WireBranch {
  readonly ops: readonly Op<number>[];
  /** Which input of a cogroup the records belong to. */
  readonly tag: number;
  readonly from: WireInput;
}

/** Where the records of a branch come from: chunks of a source, which a function reads, or the shuffle of a stage. */
export type WireInput =
  | { readonly source: string; readonly reader: number }
  | { readonly stage: number; readonly shuffle: Shuffle<number> };

/** The modules that the functions of a plan need, besides forkfold's own. */
export function importsOf({ calls, functions }: CompiledPlan): string[] {
  const ofFunctions = functions.flatMap((fn) =>
    fn.kind === 'module' && !isOwn(fn.module) ? [fn.module] : [],
  );
  return [...new Set([...calls.map(({ module }) => module), ...ofFunctions])];
}

/** How many calls of asynchronous functions each task of a stage may have under way; undefined where none awaits. */
export function concurrencyOf({ branches }: WireStage): number | undefined {
  const given = branches.flatMap(({ ops }) =>
    ops.flatMap((op) => ('concurrency' in op ? [op.concurrency] : [])),
  );
  return given.length === 0 ? undefined : Math.max(...given);
}

export interface WireStage {
  /** The plans of `together` that it is for, where it is not for all of them. */
  readonly plans?: readonly string[];
  readonly branches: readonly WireBranch[];
  readonly sink: Sink<number>;
}
