import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { own } from '../module-ref.js';
import type { UncutPlan } from '../plan/compile.js';
import type { WireArgument, WireCall, WireFunction, WireJobArgument } from '../plan/compiled-plan.js';
import { expandPaths } from '../source/files/paths.js';
import type { ChunkOptions } from '../source/source.js';

interface PlanOptions extends ChunkOptions {
  readonly partitions?: number | undefined;
}

/** What two runs must have in common for one to go on where the other ended. Plain JSON. */
export interface PlanIdentity {
  /** The shape of the plan: its stages, verbs and their parameters. */
  readonly plan: string;
  readonly functions: readonly { readonly verb: string; readonly text: string }[];
  readonly jobs: readonly { readonly module: string; readonly text: string }[];
  readonly arguments: readonly string[];
  readonly files: readonly { readonly path: string; readonly size: number; readonly mtimeMs: number }[];
  /** Lengths of the sources in memory; null where it is not known. */
  readonly items: readonly (number | null)[];
  readonly options: { readonly [name: string]: number | null };
}

export async function planIdentity(
  { stages, calls, functions, sources, passes }: UncutPlan,
  { chunkSize, chunkBytes, partitions }: PlanOptions,
): Promise<PlanIdentity> {
  // A source that stages of one pass read is one source.
  const all = [...new Set(sources.flat().filter((source) => source !== undefined))];
  const paths = all.flatMap((source) => source.paths ?? []);
  const files = paths.length === 0 ? [] : await expandPaths(paths);
  const shape = { stages, sources: all.map(({ name, identity }) => ({ name, identity })), passes };
  // What reads a source is told by the source.
  const readers = new Set(
    stages.flatMap(({ branches }) => branches.flatMap(({ from }) => ('source' in from ? [from.reader] : []))),
  );
  const given = functions.filter((_, number) => !readers.has(number));
  return {
    plan: JSON.stringify(shape),
    functions: given.map((fn) => ({ verb: fn.verb, text: functionHash(fn, calls) })),
    jobs: await Promise.all(calls.map(async ({ module }) => ({ module, text: await moduleHash(module) }))),
    arguments: calls.flatMap((call) => call.arguments.map(argumentHash)),
    files: files.map(({ path, size, mtimeMs }) => ({ path, size, mtimeMs })),
    items: all.flatMap((source) => (source.count === undefined ? [] : [source.count() ?? null])),
    options: {
      chunkSize: chunkSize ?? null,
      chunkBytes: chunkBytes ?? null,
      partitions: partitions ?? null,
    },
  };
}

/** What differs, in words; empty if nothing does. */
export function differences(now: PlanIdentity, then: PlanIdentity): string[] {
  const found: string[] = [];
  const was = new Map(then.files.map((file) => [file.path, file]));
  for (const { path, size, mtimeMs } of now.files) {
    const old = was.get(path);
    was.delete(path);
    if (old === undefined) found.push(`${path} is new`);
    else if (old.size !== size) found.push(`${path} has ${size} bytes, it had ${old.size}`);
    else if (old.mtimeMs !== mtimeMs) {
      found.push(
        `${path} was changed ${new Date(mtimeMs).toISOString()}, after ${new Date(old.mtimeMs).toISOString()}`,
      );
    }
  }
  for (const path of was.keys()) found.push(`${path} is gone`);
  now.items.forEach((count, i) => {
    const old = then.items[i];
    if (count !== old)
      found.push(`a source in memory has ${count ?? 'unknown'} items, it had ${old ?? 'unknown'}`);
  });
  for (const [name, value] of Object.entries(now.options)) {
    const old = then.options[name] ?? null;
    if (value !== old) found.push(`${name} is ${value ?? 'not set'}, it was ${old ?? 'not set'}`);
  }
  for (const list of ['jobs', 'functions', 'arguments'] as const) {
    const [count, old] = [now[list].length, then[list].length];
    const what = list === 'arguments' ? 'arguments of jobs' : list;
    if (count !== old) found.push(`the number of ${what} is ${count}, it was ${old}`);
  }
  now.jobs.forEach(({ module, text }, i) => {
    if (then.jobs[i]?.module !== module || then.jobs[i].text !== text)
      found.push(`the job module ${module} has changed`);
  });
  now.functions.forEach(({ verb, text }, i) => {
    const old = then.functions[i];
    const what = text.startsWith(SIDE)
      ? 'a list that records are joined with'
      : `the function given to ${verb}`;
    if (old?.verb !== verb || old.text !== text) found.push(`${what} is another one`);
  });
  now.arguments.forEach((hash, i) => {
    if (then.arguments[i] !== hash) found.push(`argument ${i + 1} of the job is another one`);
  });
  if (found.length === 0 && now.plan !== then.plan)
    found.push('the plan has other verbs, parameters or sources');
  return found;
}

/** How a short side of a join begins, whose keys are looked up. */
const SIDE = `${own.functions} sideTable `;

function functionHash(fn: WireFunction, calls: readonly WireCall[]): string {
  switch (fn.kind) {
    case 'job':
      return JSON.stringify(calls[fn.call]!.print.functions[fn.index]);
    case 'inline':
      return hash(fn.text.source);
    case 'inline-aggregator':
      return hash(JSON.stringify(Object.entries(fn.methods).map(([name, { source }]) => [name, source])));
    case 'module':
      return `${fn.module} ${fn.name} ${(fn.arguments ?? []).map(argumentHash).join(' ')}`;
  }
}

function argumentHash(argument: WireArgument | WireJobArgument): string {
  if ('fn' in argument) return `function ${argument.fn}`;
  return 'value' in argument ? hash(argument.value) : 'dataset';
}

/** The file is hashed, since what its functions close over matters as much as their own text. */
async function moduleHash(module: string): Promise<string> {
  try {
    return hash(await readFile(fileURLToPath(module)));
  } catch {
    return '';
  }
}

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 32);
}
