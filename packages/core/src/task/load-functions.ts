import { JobError } from '../errors.js';
import { aggregators } from '../fold/aggregator-table.js';
import { own } from '../module-ref.js';
import type { AnyFunction, Callable } from '../plan/callable.js';
import type { CompiledPlan, WireArgument, WireCall, WireFunction } from '../plan/compiled-plan.js';
import { compileFunction } from '../plan/function-text.js';
import { fingerprint } from '../plan/job-call.js';
import { isDefined, rebuildJob } from '../plan/job-table.js';
import { readers } from '../source/reader-table.js';
import { decode } from '../values/codec.js';
import { textOfThrown } from '../values/describe-thrown.js';
import { Functions, type Loaded } from './functions.js';
import { formats } from './sinks/format-table.js';

type Exports = Readonly<Record<string, unknown>>;

const ownModules: Readonly<Record<string, Exports>> = {
  [own.aggregators]: aggregators,
  [own.readers]: readers,
  [own.formats]: formats,
};

/** Turns every function of a plan into one that can be called here; `parked` settles when a job's module starts a run. */
export async function loadFunctions(plan: CompiledPlan, parked: Promise<void>): Promise<Functions> {
  const tables: (readonly Callable[])[] = [];
  for (const call of plan.calls) tables.push(await loadCall(call, parked));
  const loaded: Loaded[] = [];
  for (const fn of plan.functions) loaded.push(await load(fn, tables, loaded));
  return new Functions(loaded);
}

async function load(
  fn: WireFunction,
  tables: readonly (readonly Callable[])[],
  loaded: readonly Loaded[],
): Promise<Loaded> {
  switch (fn.kind) {
    case 'job':
      return tables[fn.call]![fn.index]!;
    case 'inline':
      return compileFunction(fn.text);
    case 'inline-aggregator':
      return Object.fromEntries(
        Object.entries(fn.methods).map(([name, text]) => [name, compileFunction(text)]),
      );
    case 'module': {
      const exported = await exportOf(fn);
      if (fn.arguments === undefined) return exported;
      const argument = (given: WireArgument): unknown =>
        'fn' in given ? loaded[given.fn] : decode(given.value);
      return (exported as AnyFunction)(...(fn.arguments.map(argument) as never[])) as Loaded;
    }
  }
}

async function exportOf({
  module,
  name,
}: {
  readonly module: string;
  readonly name: string;
}): Promise<Loaded> {
  const exports = ownModules[module] ?? (await importModule(module));
  const exported = exports[name];
  if (exported !== undefined) return exported as Loaded;
  throw new JobError(`${module} exports no "${name}" in the child process: export what "portable" names`);
}

async function importModule(module: string): Promise<Exports> {
  try {
    return (await import(module)) as Exports;
  } catch (cause) {
    throw cannotBeLoaded(module, cause);
  }
}

function cannotBeLoaded(module: string, cause: unknown): JobError {
  return new JobError(`${module} cannot be loaded in the child process: ${textOfThrown(cause)}`, { cause });
}

async function loadCall(call: WireCall, parked: Promise<void>): Promise<readonly Callable[]> {
  const { module, job } = call;
  if (!isDefined(module, job)) {
    try {
      await Promise.race([import(module), parked]);
    } catch (cause) {
      throw cannotBeLoaded(module, cause);
    }
  }
  const args = call.arguments.map((given) => ('value' in given ? { value: decode(given.value) } : given));
  let functions: readonly Callable[];
  try {
    functions = rebuildJob(module, job, args);
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    const why = textOfThrown(cause);
    throw new JobError(`Job ${job + 1} of ${module} threw in the child process: ${why}`, { cause });
  }
  checkFingerprints(call, functions.map(fingerprint));
  return functions;
}

/** @throws JobError unless the child has built what the parent has. */
function checkFingerprints({ module, job, fingerprints }: WireCall, prints: readonly string[]): void {
  const differs = fingerprints.findIndex((print, i) => print !== prints[i]);
  if (differs < 0 && prints.length === fingerprints.length) return;
  throw new JobError(
    `Job ${job + 1} of ${module} builds differently in the child process (function ${Math.max(differs, 0) + 1} ` +
      'is another one): its builder must depend on its arguments alone, and its file must not change during a run',
  );
}
