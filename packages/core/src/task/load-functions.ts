import { JobError } from '../errors.js';
import { aggregators } from '../fold/aggregator-table.js';
import { own } from '../module-ref.js';
import type { AnyFunction, Callable } from '../plan/callable.js';
import { importsOf, type CompiledPlan, type WireArgument, type WireFunction } from '../plan/compiled-plan.js';
import { ownFunctions } from '../plan/own-functions.js';
import type { FunctionText } from '../plan/function-text.js';
import { orderedBy } from '../shuffle/keys/ordered-by.js';
import { sideTable } from '../shuffle/keys/side-table.js';
import { sortedValues } from '../shuffle/keys/sorted-values.js';
import { readers } from '../source/reader-table.js';
import { decode } from '../values/codec.js';
import { Functions, type Loaded } from './functions.js';
import type { Exports, ImportModule } from './import-module.js';
import { loadJob } from './load-job.js';
import { expectModules } from './parking.js';
import { formats } from './sinks/format-table.js';

const ownModules: Readonly<Record<string, Exports>> = {
  [own.aggregators]: aggregators,
  [own.readers]: readers,
  [own.formats]: formats,
  [own.functions]: { ...ownFunctions, orderedBy, sideTable, sortedValues },
};

/** How a process gets at functions. */
export interface Loading {
  /** Settles when a module that is loaded starts a run of its own. */
  readonly parked: Promise<void>;
  /** Makes a function of its text. */
  readonly compile: (text: FunctionText) => AnyFunction;
  /** Gets at a module by its URL, where it is not loaded yet: a program that was bundled with its jobs has them in itself. */
  readonly importModule: ImportModule;
}

/** Turns every function of a plan into one that can be called here. */
export async function loadFunctions(plan: CompiledPlan, loading: Loading): Promise<Functions> {
  if (importsOf(plan).length > 0) expectModules();
  const tables: (readonly Callable[])[] = [];
  for (const call of plan.calls) tables.push(await loadJob(call, loading));
  const loaded: Loaded[] = [];
  for (const fn of plan.functions) loaded.push(await load(fn, { tables, loaded, ...loading }));
  return new Functions(loaded);
}

interface SoFar extends Loading {
  readonly tables: readonly (readonly Callable[])[];
  readonly loaded: readonly Loaded[];
}

async function load(fn: WireFunction, { tables, loaded, compile, importModule }: SoFar): Promise<Loaded> {
  switch (fn.kind) {
    case 'job':
      return tables[fn.call]![fn.index]!;
    case 'inline':
      return compile(fn.text);
    case 'inline-aggregator':
      return Object.fromEntries(Object.entries(fn.methods).map(([name, text]) => [name, compile(text)]));
    case 'module': {
      const exported = await exportOf(fn, importModule);
      if (fn.arguments === undefined) return exported;
      const argument = (given: WireArgument): unknown =>
        'fn' in given ? loaded[given.fn] : decode(given.value);
      return (exported as AnyFunction)(...(fn.arguments.map(argument) as never[])) as Loaded;
    }
  }
}

async function exportOf(
  { module, name }: { readonly module: string; readonly name: string },
  importModule: ImportModule,
): Promise<Loaded> {
  const exports = ownModules[module] ?? (await importModule(module));
  const exported = exports[name];
  if (exported !== undefined) return exported as Loaded;
  throw new JobError(`${module} exports no "${name}" in the child process: export what "portable" names`);
}
