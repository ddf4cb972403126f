import { Dataset } from '../api/dataset.js';
import type { FunctionRef } from './function-ref.js';
import { fingerprint, type JobCall } from './job-call.js';
import type { Node, Op, Shuffle, Sink } from './node.js';
import type { Source } from '../source/source.js';
import { encode } from '../values/codec.js';
import type { WireArgument, WireBranch, WireCall, WireFunction, WireStage } from '../protocol/messages.js';

/** Where the records of a branch come from: a source, or the shuffle of an earlier stage. */
export type Input = { readonly source: Source } | { readonly stage: number };

export interface Stage {
  readonly inputs: readonly Input[];
  readonly wire: WireStage;
}

interface Branch {
  readonly input: Input;
  readonly wire: WireBranch;
}

/**
 * Compiles a description to stages, in the order in which they run. Narrow verbs fuse into one pass; a keyed verb cuts
 * a stage. A dataset that is used twice is shuffled once.
 */
export function compile(
  node: Node,
  sink: Sink<FunctionRef>,
): { stages: Stage[]; calls: WireCall[]; functions: WireFunction[] } {
  const stages: Stage[] = [];
  const shuffled = new Map<Node, number>();
  const { calls, functions, indexOf } = functionTable();

  function branches(from: Node, ops: readonly Op<number>[], tag: number): Branch[] {
    switch (from.kind) {
      case 'source':
        return [{ input: { source: from.source }, wire: { ops, tag } }];
      case 'narrow':
        return branches(from.input, [withIndex(from.op, indexOf), ...ops], tag);
      case 'union':
        return from.inputs.flatMap((input) => branches(input, ops, tag));
      case 'shuffle': {
        const shuffle = withIndex(from.shuffle, indexOf);
        const stage =
          shuffled.get(from) ?? addStage(from.inputs, { kind: 'shuffle', shuffle, partitions: 0 });
        shuffled.set(from, stage);
        return [{ input: { stage }, wire: { ops, tag, reads: shuffle } }];
      }
    }
  }

  function addStage(inputs: readonly Node[], into: Sink<number>): number {
    const all = inputs.flatMap((input, tag) => branches(input, [], tag));
    stages.push({
      inputs: all.map(({ input }) => input),
      wire: { branches: all.map(({ wire }) => wire), sink: into },
    });
    return stages.length - 1;
  }

  addStage([node], withIndex(sink, indexOf));
  return { stages, calls, functions };
}

/** Gives every function of a plan its number in the run description. */
function functionTable(): {
  calls: WireCall[];
  functions: WireFunction[];
  indexOf: IndexOf;
} {
  const calls: WireCall[] = [];
  const functions: WireFunction[] = [];
  const callIndex = new Map<JobCall, number>();
  const refIndex = new Map<FunctionRef, number>();

  function callOf(call: JobCall): number {
    const known = callIndex.get(call);
    if (known !== undefined) return known;
    const args = call.arguments.map((value, i): WireArgument =>
      value instanceof Dataset ? { dataset: true } : { value: encode(value, `arguments[${i}]`) },
    );
    const { module, job } = call;
    const index =
      calls.push({ module, job, arguments: args, fingerprints: call.functions.map(fingerprint) }) - 1;
    callIndex.set(call, index);
    return index;
  }

  function toWire(ref: FunctionRef): WireFunction {
    if (ref.kind === 'job') return { kind: 'job', verb: ref.verb, call: callOf(ref.call), index: ref.index };
    if (ref.kind !== 'built-in') return ref;
    const args = ref.arguments.map((value, i): WireArgument =>
      isRef(value) ? { fn: indexOf(value) } : { value: encode(value, `${ref.name} arguments[${i}]`) },
    );
    return { ...ref, arguments: args };
  }

  function indexOf(ref: FunctionRef): number {
    const known = refIndex.get(ref);
    if (known !== undefined) return known;
    // An argument gets its number before the function that it is given to.
    const wire = toWire(ref);
    const index = functions.push(wire) - 1;
    refIndex.set(ref, index);
    return index;
  }

  return { calls, functions, indexOf };
}

function isRef(value: unknown): value is FunctionRef {
  return typeof value === 'object' && value !== null && 'verb' in value && 'kind' in value;
}

function withIndex(described: Op<FunctionRef>, indexOf: IndexOf): Op<number>;
function withIndex(described: Shuffle<FunctionRef>, indexOf: IndexOf): Shuffle<number>;
function withIndex(described: Sink<FunctionRef>, indexOf: IndexOf): Sink<number>;
function withIndex(described: { kind?: string; verb?: string; fn?: FunctionRef }, indexOf: IndexOf): unknown {
  return described.fn === undefined ? described : { ...described, fn: indexOf(described.fn) };
}

type IndexOf = (ref: FunctionRef) => number;
