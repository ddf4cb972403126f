import * as core from '@forkfold/core';
import { suggestName } from '@forkfold/core/engine';
import type { Sources } from './sources.js';
import { UsageError } from './usage-error.js';

/**
 * What an expression gives: a dataset, a plan, or a value.
 *
 * Its functions reach the children as those of any job do: the expression becomes the module of a job, which each child
 * imports. The module is a `data:` URL, so that nothing lies on the disk, nothing is left behind however the process ends, and
 * a checkpoint knows the same expression again. A module as such imports nothing by its name; a job in a file does.
 *
 * @throws UsageError for what is no expression.
 */
export async function valueOfExpression(
  text: string,
  sources: Sources,
  params: ReadonlyMap<string, unknown>,
): Promise<unknown> {
  const url = `data:text/javascript,${encodeURIComponent(moduleOf(text, sources, [...params.keys()]))}`;
  const { job } = await imported(url);
  try {
    return job(given(sources.lines), given(sources.rows), Object.fromEntries(params));
  } catch (error) {
    // No function of it was called yet: what it is made of is wrong.
    if (!(error instanceof TypeError || error instanceof ReferenceError)) throw error;
    throw new UsageError(`The expression cannot be built: ${error.message}${verbFor(error.message)}`, {
      cause: error,
    });
  }
}

/** The verb that was probably meant. */
function verbFor(message: string): string {
  const name = /\.(\w+) is not a function$/.exec(message)?.[1];
  return name === undefined ? '' : `: ${suggestName(name, verbs)}`;
}

const verbs = [core.Dataset, core.Plan].flatMap((made) =>
  Object.getOwnPropertyNames(made.prototype).filter((name) => name !== 'constructor'),
);

function given(source: Sources['lines' | 'rows']): unknown {
  return 'missing' in source ? undefined : source;
}

type Job = (lines: unknown, rows: unknown, params: object) => unknown;

async function imported(url: string): Promise<{ job: Job }> {
  try {
    return (await import(url)) as { job: Job };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`The expression is not JavaScript: ${error.message}`, { cause: error });
  }
}

function moduleOf(text: string, { lines, rows }: Sources, params: readonly string[]): string {
  const bad = params.find((name) => !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  if (bad !== undefined) throw new UsageError(`The parameter "${bad}" is no name that an expression can use`);
  const taken = ['lines', 'rows', ...params];
  const names = Object.keys(core).filter((name) => !taken.includes(name));
  return [
    `import { defineJob as ${MARK}Job, ${names.join(', ')} } from ${JSON.stringify(import.meta.resolve('@forkfold/core'))};`,
    missing('lines', lines),
    missing('rows', rows),
    `export const job = ${MARK}Job(import.meta.url, (${parameter('lines', lines)}, ${parameter('rows', rows)}, { ${params.join(', ')} }) => (`,
    text,
    '));',
  ].join('\n');
}

/** How names begin that no expression uses. */
const MARK = '$forkfold';

function parameter(name: string, source: Sources['lines' | 'rows']): string {
  return 'missing' in source ? `${MARK}_${name}` : name;
}

/** A name that means nothing here says why as soon as it is used. */
function missing(name: string, source: Sources['lines' | 'rows']): string {
  if (!('missing' in source)) return '';
  const text = JSON.stringify(`"${name}" means nothing here: ${source.missing}`);
  return `const ${name} = new Proxy({}, { get() { throw Object.assign(new Error(${text}), { name: 'UsageError' }); } });`;
}
