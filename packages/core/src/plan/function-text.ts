// Nothing is imported by its name that older versions of Node.js do not export: they are to be refused in words.
import vm from 'node:vm';
import { counter, expectCounters } from '../counters.js';
import { OptionError } from '../errors.js';
import type { CallSite } from './call-site.js';
import { standInsFor } from './instrumented.js';

/** What a user function looks like once it is text: enough to build it again in another process. */
export interface FunctionText {
  /** An expression that evaluates to the function. */
  readonly source: string;
  /** Where the verb was called, so that stacks of the child show the user's own file and line. */
  readonly site: { readonly file: string; readonly line: number } | undefined;
  /** The number of the function itself in the process that it was written in, where its text alone is not all of it. */
  readonly local?: number;
  /** Whether the name `counter` in it is that of this package, so that it gets that. */
  readonly counts?: boolean;
  /** Names that mean something else in a child: no plan with such a function is run. */
  readonly shadowed?: readonly string[];
}

const remedy = 'wrap it in an arrow function, or move the pipeline into a job (defineJob)';

/** The text of a self-contained function. Refused at once: native, bound and class functions. */
export function functionText(verb: string, fn: (...args: never[]) => unknown, site?: CallSite): FunctionText {
  const text = Function.prototype.toString.call(fn);
  if (isClass(fn, text)) {
    throw new OptionError(`The function given to ${verb} is the class ${fn.name}: ${remedy}`, verb);
  }
  // A native function's body is no valid JavaScript, so no user function ends like this.
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    const kind = fn.name.startsWith('bound ') ? 'bound' : 'native';
    throw new OptionError(
      `The function given to ${verb} is ${kind} (${fn.name || 'anonymous'}), and its text cannot travel: ${remedy}`,
      verb,
    );
  }
  const source = [text, ...asMethods(text)].find(parses);
  if (source === undefined) {
    throw new OptionError(`The text of the function given to ${verb} cannot stand alone: ${remedy}`, verb);
  }
  // A relative import() is resolved against the file that was loaded, not against the one that it was made from.
  return { source, site: /\bimport\b/.test(text) ? site : (site?.origin ?? site) };
}

/** Builds a function again from its text. The one place of forkfold that evaluates code. */
export function compileFunction(text: FunctionText): (...args: never[]) => unknown {
  const file = text.site?.file ?? 'inline-function.js';
  // Coverage is counted by the name of a script, and this one is not the file that it names.
  const name =
    process.env.NODE_V8_COVERAGE === undefined
      ? ''
      : `\n//# sourceURL=inline:${file.startsWith('file:') ? file : encodeURI(file)}`;
  if (text.counts) expectCounters();
  const made: unknown = vm.runInThisContext(wrap(text, standInsFor(text.source)) + name, {
    filename: file,
    lineOffset: (text.site?.line ?? 1) - 1,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return (text.counts ? (made as (given: unknown) => unknown)(counter) : made) as (
    ...args: never[]
  ) => unknown;
}

/** Of all that begins with these letters only a class has a `prototype` for good: a method named `class` has none. */
function isClass(fn: object, text: string): boolean {
  return text.startsWith('class') && Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false;
}

/** Method shorthand, `double(x) { ... }`, is an expression only inside an object literal, and so is an accessor. */
function* asMethods(text: string): Generator<string> {
  const computed = /^(?:async\s+|get\s+|set\s+)?(?:\*\s*)?(?=\[)/.exec(text)?.[0];
  if (computed === undefined) {
    yield asMember(text);
    return;
  }
  // The name in brackets, `[key](x) { ... }`, may close over anything, so another takes its place. Where it ends only the
  // parser knows: at the first bracket behind which the rest is a method.
  for (let end = text.indexOf(']'); end >= 0; end = text.indexOf(']', end + 1)) {
    yield asMember(`${computed} method${text.slice(end + 1)}`);
  }
}

function asMember(text: string): string {
  return `(({ value, get, set }) => value ?? get ?? set)(Object.values(Object.getOwnPropertyDescriptors({ ${text} }))[0])`;
}

// `__name` is what esbuild-based runners call to keep function names. All on one line, so that line numbers hold.
function wrap({ source, counts = false }: Pick<FunctionText, 'source' | 'counts'>, standIns = ''): string {
  const body = `'use strict'; const __name = (f) => f; ${standIns}return (${source});`;
  return counts ? `((counter) => { ${body} })` : `(() => { ${body} })()`;
}

function parses(source: string): boolean {
  try {
    new vm.Script(wrap({ source }));
    return true;
  } catch {
    return false;
  }
}
