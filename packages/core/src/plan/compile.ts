import { OptionError } from '../errors.js';
import type { Source } from '../source/source.js';
import { encode } from '../values/codec.js';
import type {
  CompiledPlan,
  WireArgument,
  WireCall,
  WireFunction,
  WireInput,
  WireStage,
} from './compiled-plan.js';
import { callPrint } from './function-print.js';
import type { PlanFunction } from './function-ref.js';
import type { FunctionText } from './function-text.js';
import type { JobCall } from './job-call.js';
import type { Node, Shuffle, Sink } from './node.js';
import type { Op } from './verbs.js';

/** A plan whose input is not cut yet. */
export interface UncutPlan extends CompiledPlan {
  /** For each stage, for each of its branches: the source, unless it reads a shuffle. */
  readonly sources: readonly (readonly (Source | undefined)[])[];
}

interface Branch {
  readonly source: Source | undefined;
  readonly from: WireInput;
  readonly ops: readonly Op<number>[];
  readonly tag: number;
}

/**
 * Compiles a description to stages, in the order in which they run. Narrow verbs fuse into one pass; a keyed verb cuts
 * a stage. A dataset that is used twice is shuffled once.
 */
export function compile(node: Node, sink: Sink<PlanFunction>): UncutPlan {
  const stages: WireStage[] = [];
  const sources: (Source | undefined)[][] = [];
  const shuffled = new Map<Node, number>();
  const { calls, functions, indexOf } = functionTable();

  function branches(of: Node, ops: readonly Op<number>[], tag: number): Branch[] {
    switch (of.kind) {
      case 'source': {
        const { source, reader } = of;
        return [{ source, from: { source: source.name, reader: indexOf(reader) }, ops, tag }];
      }
      case 'narrow':
        return branches(of.input, [withIndex(of.op, indexOf), ...ops], tag);
      case 'union':
        return of.inputs.flatMap((input) => branches(input, ops, tag));
      case 'shuffle': {
        const shuffle = withIndex(of.shuffle, indexOf);
        const stage = shuffled.get(of) ?? addStage(of.inputs, { kind: 'shuffle', shuffle, partitions: 0 });
        shuffled.set(of, stage);
        return [{ source: undefined, from: { stage, shuffle }, ops, tag }];
      }
    }
  }

  function addStage(inputs: readonly Node[], into: Sink<number>): number {
    const all = inputs.flatMap((input, tag) => branches(input, [], tag));
    sources.push(all.map(({ source }) => source));
    return stages.push({ branches: all.map(({ from, ops, tag }) => ({ from, ops, tag })), sink: into }) - 1;
  }

  addStage([node], withIndex(sink, indexOf));
  return { calls, functions, stages, sources };
}

/** Gives every function of a plan its number. */
function functionTable(): { calls: WireCall[]; functions: WireFunction[]; indexOf: IndexOf } {
  const calls: WireCall[] = [];
  const functions: WireFunction[] = [];
  const callIndex = new Map<JobCall, number>();
  const refIndex = new Map<PlanFunction, number>();

  function callOf(call: JobCall): number {
    const known = callIndex.get(call);
    if (known !== undefined) return known;
    const args = call.arguments.map((given, i) =>
      'dataset' in given ? given : { value: encode(given.value, `arguments[${i}]`) },
    );
    const { module, number, period } = call.job;
    const print = callPrint(call.job, call.functions);
    const index = calls.push({ module, number, period, arguments: args, print }) - 1;
    callIndex.set(call, index);
    return index;
  }

  function toWire(ref: PlanFunction): WireFunction {
    if (ref.kind === 'job') return { ...ref, call: callOf(ref.call) };
    if (ref.kind === 'inline') checkNames(ref.verb, ref.text);
    if (ref.kind === 'inline-aggregator') {
      for (const [name, text] of Object.entries(ref.methods)) checkNames(`${ref.verb}.${name}`, text);
    }
    if (ref.kind !== 'module') return ref;
    const { arguments: given, ...rest } = ref;
    const args = given?.map((argument, i): WireArgument =>
      'fn' in argument
        ? { fn: indexOf(argument.fn) }
        : { value: encode(argument.value, `${ref.name} arguments[${i}]`) },
    );
    return args === undefined ? rest : { ...rest, arguments: args };
  }

  function indexOf(ref: PlanFunction): number {
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

/** @throws OptionError for a function whose names would mean something else in a child, and nobody would notice. */
function checkNames(verb: string, { shadowed: [name] = [] }: FunctionText): void {
  if (name === undefined) return;
  throw new OptionError(
    `The function given to ${verb} uses \`${name}\`, which is a variable around it here, and in the child process, where only ` +
      'its text arrives, the global of that name: move the pipeline into a job (defineJob), or import it inside the function',
    verb,
  );
}

function withIndex(described: Op<PlanFunction>, indexOf: IndexOf): Op<number>;
function withIndex(described: Shuffle<PlanFunction>, indexOf: IndexOf): Shuffle<number>;
function withIndex(described: Sink<PlanFunction>, indexOf: IndexOf): Sink<number>;
function withIndex(described: object, indexOf: IndexOf): unknown {
  const { fn, partition } = described as { readonly fn?: PlanFunction; readonly partition?: PlanFunction };
  if (fn === undefined) return described;
  return {
    ...described,
    fn: indexOf(fn),
    ...(partition !== undefined && { partition: indexOf(partition) }),
  };
}

type IndexOf = (ref: PlanFunction) => number;
