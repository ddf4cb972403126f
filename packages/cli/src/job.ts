import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { builderOf, isDataset, suggestName } from '@forkfold/core/engine';
import { parametersOf, type Parameter } from './parameters.js';
import { isPlan } from './result.js';
import type { Sources } from './sources.js';
import { UsageError } from './usage-error.js';

/** What a module gives under a name: a dataset, a plan, or what its job makes of the files and the parameters. */
export async function valueOfJob(
  word: string,
  sources: () => Promise<Sources>,
  { files, params }: { readonly files: readonly string[]; readonly params: ReadonlyMap<string, unknown> },
): Promise<unknown> {
  const [path, name] = splitAt(word, word.lastIndexOf('#'));
  const exported = exportOf(await imported(path), name, path);
  if (typeof exported !== 'function') {
    if (files.length > 0 || params.size > 0) {
      throw new UsageError(
        `${word} is a ${isDataset(exported) ? 'dataset' : 'plan'}, which takes neither files nor parameters`,
      );
    }
    return exported;
  }
  const build = (builderOf(exported) ?? exported) as (...args: unknown[]) => unknown;
  const parameters = parametersOf(build);
  const [first, ...others] = parameters;
  // A first parameter with a default does without files.
  const takesFiles =
    first !== undefined && (files.length > 0 || !first.hasDefault) && !params.has(first.name ?? '');
  if (!takesFiles && files.length > 0) throw new UsageError(`${word} takes no files, got ${files.join(' ')}`);
  const args = argumentsOf(word, takesFiles ? others : parameters, params);
  const call = exported as (...args: unknown[]) => unknown;
  if (!takesFiles) return call(...args);
  const { records, lines } = await sources();
  if (records !== undefined) return call(records, ...args);
  throw new UsageError(`${word} needs files: ${'missing' in lines ? lines.missing : 'of one kind'}`);
}

/** Puts the parameters in their places; a pattern takes all that no other one is called. */
function argumentsOf(
  word: string,
  parameters: readonly Parameter[],
  params: ReadonlyMap<string, unknown>,
): unknown[] {
  const rest = new Map(params);
  const args = parameters.map(({ name }) => {
    if (name === undefined) return undefined;
    const value = rest.get(name);
    rest.delete(name);
    return value;
  });
  const pattern = parameters.findIndex(({ name }) => name === undefined);
  if (pattern >= 0)
    args[pattern] = rest.size === 0 && parameters[pattern]!.hasDefault ? undefined : Object.fromEntries(rest);
  else if (rest.size > 0) {
    const [unknown] = rest.keys();
    const known = parameters.map(({ name }) => name!);
    throw new UsageError(`${word} has no parameter "${unknown!}": ${suggestName(unknown!, known)}`);
  }
  return args;
}

function splitAt(word: string, at: number): [string, string | undefined] {
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

async function imported(path: string): Promise<Record<string, unknown>> {
  const file = path.startsWith('file:') ? fileURLToPath(path) : resolve(path);
  if (!existsSync(file)) throw new UsageError(`There is no module ${path}`);
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    throw new UsageError(
      `This Node.js (${process.version}) does not run TypeScript: node --import tsx ${process.argv[1]!} run ${path} ..., with ` +
        'tsx installed (npm install --save-dev tsx), or Node.js 22.18 or later',
      { cause: error },
    );
  }
}

function exportOf(module: Record<string, unknown>, name: string | undefined, path: string): unknown {
  const known = Object.keys(module).filter((key) => isRunnable(module[key]));
  const chosen = name ?? (known.includes('default') ? 'default' : known.length === 1 ? known[0] : undefined);
  if (chosen !== undefined && known.includes(chosen)) return module[chosen];
  if (known.length === 0) throw new UsageError(`${path} exports no job, dataset or plan`);
  const which = known.map((each) => `${path}#${each}`).join(', ');
  if (name === undefined) throw new UsageError(`${path} exports several: name one of ${which}`);
  throw new UsageError(`${path} exports no job, dataset or plan "${name}": ${suggestName(name, known)}`);
}

function isRunnable(value: unknown): boolean {
  return typeof value === 'function' || isDataset(value) || isPlan(value);
}
