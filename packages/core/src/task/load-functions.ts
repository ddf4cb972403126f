import { builtInAggregators } from '../fold/aggregators.js';
import { Dataset } from '../api/dataset.js';
import type { AnyFunction, Callable } from '../plan/function-ref.js';
import { compileFunction } from '../plan/function-text.js';
import { fingerprint } from '../plan/job-call.js';
import { isDefined, rebuildJob } from '../api/define-job.js';
import { JobError } from '../errors.js';
import { attempt } from '../values/try-or.js';
import { decode } from '../values/codec.js';
import type { RunDescription, WireArgument, WireCall, WireFunction } from '../protocol/messages.js';
import { preview } from '../values/preview.js';

/** Turns every function of a run description into one that can be called here. */
export async function loadFunctions(run: RunDescription, parked: Promise<void>): Promise<Callable[]> {
  const tables: Callable[][] = [];
  for (const call of run.calls) tables.push(await loadCall(call, parked));
  const loaded: Callable[] = [];
  const argument = (given: WireArgument): unknown => {
    if ('fn' in given) return loaded[given.fn];
    return 'value' in given
      ? decode(given.value)
      : new Dataset({ kind: 'source', source: { kind: 'items', items: [] } });
  };
  for (const fn of run.functions) loaded.push(load(fn, tables, argument));
  return loaded;
}

function load(
  fn: WireFunction,
  tables: readonly Callable[][],
  argument: (given: WireArgument) => unknown,
): Callable {
  switch (fn.kind) {
    case 'job':
      return tables[fn.call]![fn.index]!;
    case 'inline':
      return compileFunction(fn.text);
    case 'inline-aggregator':
      return Object.fromEntries(
        Object.entries(fn.methods).map(([name, text]) => [name, compileFunction(text)]),
      ) as unknown as Callable;
    case 'built-in': {
      const made: unknown = builtInAggregators[fn.name as keyof typeof builtInAggregators];
      return (
        typeof made === 'function' ? (made as AnyFunction)(...(fn.arguments.map(argument) as never[])) : made
      ) as Callable;
    }
  }
}

async function loadCall(call: WireCall, parked: Promise<void>): Promise<Callable[]> {
  if (!isDefined(call.module, call.job)) {
    try {
      await Promise.race([import(call.module), parked]);
    } catch (cause) {
      throw new JobError(`${call.module} cannot be loaded in the child process: ${textOf(cause)}`, { cause });
    }
  }
  const args = call.arguments.map((given) =>
    'value' in given
      ? decode(given.value)
      : new Dataset({ kind: 'source', source: { kind: 'items', items: [] } }),
  );
  let functions: Callable[];
  try {
    ({ functions } = rebuildJob({ module: call.module, job: call.job, arguments: args, functions: [] }));
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    throw new JobError(`Job ${call.job + 1} of ${call.module} threw in the child process: ${textOf(cause)}`, {
      cause,
    });
  }
  const prints = functions.map(fingerprint);
  const differs = call.fingerprints.findIndex((print, i) => print !== prints[i]);
  if (differs >= 0 || prints.length !== call.fingerprints.length) {
    throw new JobError(
      `Job ${call.job + 1} of ${call.module} builds differently in the child process (function ${Math.max(differs, 0) + 1} ` +
        'is another one): its builder must depend on its arguments alone, and its file must not change during a run',
    );
  }
  return functions;
}

/** Name and message of what was thrown, whatever it is. */
function textOf(thrown: unknown): string {
  return attempt(
    () => String(thrown),
    () => preview(thrown),
  );
}
