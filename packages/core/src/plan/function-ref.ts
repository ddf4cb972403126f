import { OptionError } from '../errors.js';
import type { StandardSchema } from '../checks/standard-schema.js';
import { show } from '../checks/wrong-argument.js';
import { isCounter } from '../counters.js';
import type { Aggregator } from '../fold/aggregator.js';
import { isAggregator } from '../fold/by-name.js';
import { moduleRefOf, type ModuleRef } from '../module-ref.js';
import { isPlain } from '../values/is-plain.js';
import { callSite, type CallSite } from './call-site.js';
import type { AnyFunction, Callable } from './callable.js';
import { functionText, type FunctionText } from './function-text.js';
import { isInstrumented } from './instrumented.js';
import { currentCall, type JobCall } from './job-call.js';
import { localText } from './local-functions.js';
import { shadowedGlobals } from './shadowed-globals.js';
import { valuesAround } from './values-around.js';
import { isAwaiting } from './verbs.js';

/** How a child gets at a user function; `Call` is how a job call is known, `Argument` what a module's function is given. */
export type FunctionRef<Call, Argument> =
  /** Function `index` that job call `call` hands to verbs, in order; the child builds the job again. */
  | { readonly kind: 'job'; readonly verb: string; readonly call: Call; readonly index: number }
  /** A self-contained function; its text travels. */
  | { readonly kind: 'inline'; readonly verb: string; readonly text: FunctionText }
  /** An aggregator written inline; the texts of its functions travel. */
  | {
      readonly kind: 'inline-aggregator';
      readonly verb: string;
      readonly methods: Record<string, FunctionText>;
    }
  /** What a module exports, or what its function makes of arguments: see `ModuleRef`. */
  | {
      readonly kind: 'module';
      readonly verb: string;
      readonly module: string;
      readonly name: string;
      readonly arguments?: readonly Argument[];
    };

/** A function in a description. */
export type PlanFunction = FunctionRef<JobCall, PlanArgument>;

/** What a module's function is given: a function or a schema of the user's, or a value. */
export type PlanArgument = { readonly fn: PlanFunction } | { readonly value: unknown };

/** Refers to a function that the user gave to `verb`; throws at once if it can never reach a child. */
export function refer(verb: string, fn: AnyFunction): PlanFunction {
  if (typeof fn !== 'function') {
    throw new OptionError(`Expected ${verb} to be given a function, got ${show(fn)}`, verb);
  }
  checkWaits(verb, fn);
  const known = record(verb, fn) ?? moduleOf(verb, fn);
  return known ?? { kind: 'inline', verb, text: inlineText(verb, fn) };
}

/** A server gives the same function to run after run, whose text and place need not be looked for again. */
const texts = new WeakMap<AnyFunction, FunctionText>();

function inlineText(verb: string, fn: AnyFunction): FunctionText {
  const known = texts.get(fn);
  if (known !== undefined) return known;
  const text = textOf(verb, fn, callSite());
  texts.set(fn, text);
  return text;
}

/** Refers to an aggregator as a whole, so that its functions may call each other through `this`. */
export function referAggregator(verb: string, aggregator: Aggregator<never, unknown>): PlanFunction {
  const methods = aggregatorMethods(verb, aggregator);
  const known = record(verb, aggregator) ?? moduleOf(verb, aggregator);
  if (known !== undefined) return known;
  const state = Object.keys(aggregator).find((name) => !(name in methods));
  if (state !== undefined || !isPlain(aggregator)) {
    const what =
      state === undefined ? 'is a class instance' : `has a property "${state}" besides its functions`;
    throw new OptionError(
      `The aggregator given to ${verb} ${what}: move the pipeline into a job (defineJob)`,
      verb,
    );
  }
  const site = callSite();
  const texts = Object.entries(methods).map(([name, fn]) => [name, textOf(`${verb}.${name}`, fn, site)]);
  return {
    kind: 'inline-aggregator',
    verb,
    methods: Object.fromEntries(texts) as Record<string, FunctionText>,
  };
}

/** What a text has that may count. What the name stands for only V8 knows. */
const COUNTING = /(?<![\w$.])counter\s*\(/;

/** The text of a function; that of an instrumented one leads to itself besides, for runs in this process. */
function textOf(verb: string, fn: AnyFunction, site: CallSite | undefined): FunctionText {
  const source = Function.prototype.toString.call(fn);
  const shadowed = shadowedGlobals(fn, source, site);
  const counts = COUNTING.test(source) && isCounter(valuesAround(fn, ['counter']).get('counter'));
  const text = {
    ...functionText(verb, fn, site),
    ...(shadowed.length > 0 && { shadowed }),
    ...(counts && { counts }),
  };
  return isInstrumented(text.source) ? localText(text, fn) : text;
}

/** Refers to what a module exports. Its arguments may be functions or schemas of the user's. */
export function referModule(verb: string, { module, name, arguments: args }: ModuleRef): PlanFunction {
  if (args === undefined) return { kind: 'module', verb, module, name };
  return { kind: 'module', verb, module, name, arguments: args.map((given) => referArgument(verb, given)) };
}

function referArgument(verb: string, value: unknown): PlanArgument {
  if (isAggregator(value)) return { fn: referAggregator(verb, value) };
  if (typeof value === 'function') return { fn: refer(verb, value as AnyFunction) };
  const isSchema = typeof value === 'object' && value !== null && '~standard' in value;
  return isSchema ? { fn: referSchema(verb, value as StandardSchema) } : { value };
}

function moduleOf(verb: string, callable: Callable): PlanFunction | undefined {
  const ref = moduleRefOf(callable);
  return ref && referModule(verb, ref);
}

/** A schema is an object full of closures, so a child finds it only where a job hands it to `verb`. */
function referSchema(verb: string, schema: StandardSchema): PlanFunction {
  const known = record(verb, schema) ?? moduleOf(verb, schema);
  if (known !== undefined) return known;
  throw new OptionError(
    `The schema given to ${verb} cannot travel to a child process: build the dataset in a job, as in ` +
      `defineJob(import.meta.url, () => ${verb}(paths, { schema }))`,
    'schema',
  );
}

/** A promise would pass for a value: `filter` would keep every record. */
function checkWaits(verb: string, fn: AnyFunction): void {
  if (isAwaiting(verb) || Object.prototype.toString.call(fn) !== '[object AsyncFunction]') return;
  throw new OptionError(
    `The function given to ${verb} is async, and ${verb} does not wait for promises: use mapAsync for that part`,
    verb,
  );
}

function record(verb: string, callable: Callable): PlanFunction | undefined {
  const call = currentCall();
  if (call === undefined) return undefined;
  call.functions.push({ verb, callable });
  return { kind: 'job', verb, call, index: call.functions.length - 1 };
}

function aggregatorMethods(
  verb: string,
  aggregator: Aggregator<never, unknown>,
): Record<string, AnyFunction> {
  const methods: Record<string, AnyFunction> = {};
  for (const name of ['zero', 'add', 'merge', 'finish'] as const) {
    const method: unknown = (aggregator as Aggregator<never, unknown> | null | undefined)?.[name];
    if (typeof method === 'function') {
      checkWaits(`${verb}.${name}`, method as AnyFunction);
      methods[name] = method as AnyFunction;
    } else if (name !== 'finish' || method !== undefined) {
      throw new OptionError(
        `Expected ${verb} to be given an aggregator with a function "${name}", got ${show(method)}`,
        verb,
      );
    }
  }
  return methods;
}
