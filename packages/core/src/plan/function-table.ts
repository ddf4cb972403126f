import { OptionError } from '../errors.js';
import { encode } from '../values/codec.js';
import type { WireArgument, WireCall, WireFunction } from './compiled-plan.js';
import { callPrint } from './function-print.js';
import type { PlanFunction } from './function-ref.js';
import type { FunctionText } from './function-text.js';
import type { JobCall } from './job-call.js';
import type { Shuffle, Sink } from './node.js';
import type { Op } from './verbs.js';

/** Gives every function of a plan its number. */
export function functionTable(): { calls: WireCall[]; functions: WireFunction[]; indexOf: IndexOf } {
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

export function withIndex(described: Op<PlanFunction>, indexOf: IndexOf): Op<number>;
export function withIndex(described: Shuffle<PlanFunction>, indexOf: IndexOf): Shuffle<number>;
export function withIndex(described: Sink<PlanFunction>, indexOf: IndexOf): Sink<number>;
export function withIndex(described: object, indexOf: IndexOf): unknown {
  const { fn, partition } = described as { readonly fn?: PlanFunction; readonly partition?: PlanFunction };
  if (fn === undefined) return described;
  return {
    ...described,
    fn: indexOf(fn),
    ...(partition !== undefined && { partition: indexOf(partition) }),
  };
}

export type IndexOf = (ref: PlanFunction) => number;
