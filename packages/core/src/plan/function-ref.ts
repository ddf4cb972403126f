import { OptionError } from '../errors.js';
import { show } from '../checks/wrong-argument.js';
import type { Aggregator } from '../fold/aggregator.js';
import { builtInOf } from '../fold/aggregator.js';
import { callSite } from './call-site.js';
import { functionText, type FunctionText } from './function-text.js';
import { currentCall, type JobCall } from './job-call.js';
import type { StandardSchema } from '../checks/standard-schema.js';

/** A user function of any shape. */
export type AnyFunction = (...args: never[]) => unknown;

/** What a verb can be given: a function, or an aggregator or a schema as a whole. */
export type Callable = AnyFunction | Aggregator<never, unknown> | StandardSchema;

/** How a child gets at a user function. */
export type FunctionRef =
  /** Function `index` that job call `call` hands to verbs, in order; the child builds the job again. */
  | { readonly kind: 'job'; readonly verb: string; readonly call: JobCall; readonly index: number }
  /** A self-contained function; its text travels. */
  | { readonly kind: 'inline'; readonly verb: string; readonly text: FunctionText }
  /** An aggregator written inline; the texts of its functions travel. */
  | {
      readonly kind: 'inline-aggregator';
      readonly verb: string;
      readonly methods: Record<string, FunctionText>;
    }
  /** A ready-made aggregator; its name and arguments travel. */
  | {
      readonly kind: 'built-in';
      readonly verb: string;
      readonly name: string;
      readonly arguments: readonly unknown[];
    };

/** Refers to a function that the user gave to `verb`; throws at once if it can never reach a child. */
export function refer(verb: string, fn: AnyFunction): FunctionRef {
  if (typeof fn !== 'function') {
    throw new OptionError(`Expected ${verb} to be given a function, got ${show(fn)}`, verb);
  }
  checkWaits(verb, fn);
  return record(verb, fn) ?? { kind: 'inline', verb, text: functionText(verb, fn, callSite()) };
}

/** Refers to an aggregator as a whole, so that its functions may call each other through `this`. */
export function referAggregator(verb: string, aggregator: Aggregator<never, unknown>): FunctionRef {
  const methods = aggregatorMethods(verb, aggregator);
  const recorded = record(verb, aggregator);
  if (recorded !== undefined) return recorded;
  const builtIn = builtInOf(aggregator);
  if (builtIn !== undefined) {
    const given = builtIn.arguments.map((value) =>
      typeof value === 'function' ? refer(verb, value as AnyFunction) : value,
    );
    return { kind: 'built-in', verb, name: builtIn.name, arguments: given };
  }
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
  const texts = Object.entries(methods).map(([name, fn]) => [
    name,
    functionText(`${verb}.${name}`, fn, site),
  ]);
  return {
    kind: 'inline-aggregator',
    verb,
    methods: Object.fromEntries(texts) as Record<string, FunctionText>,
  };
}

/** Refers to a schema. It is an object full of closures, so a child finds it only where a job hands it to `verb`. */
export function referSchema(verb: string, schema: StandardSchema): FunctionRef {
  const recorded = record(verb, schema);
  if (recorded !== undefined) return recorded;
  throw new OptionError(
    `The schema given to ${verb} cannot travel to a child process: build the dataset in a job, as in ` +
      `defineJob(import.meta.url, () => ${verb}(paths, { schema }))`,
    'schema',
  );
}

/** Verbs that wait for a promise. */
const waiting = new Set(['mapAsync', 'parallelMap']);

/** A promise would pass for a value: `filter` would keep every record. */
function checkWaits(verb: string, fn: AnyFunction): void {
  if (waiting.has(verb) || Object.prototype.toString.call(fn) !== '[object AsyncFunction]') return;
  throw new OptionError(
    `The function given to ${verb} is async, and ${verb} does not wait for promises: use mapAsync for that part`,
    verb,
  );
}

function record(verb: string, callable: Callable): FunctionRef | undefined {
  const call = currentCall();
  if (call === undefined) return undefined;
  call.functions.push(callable);
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

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
