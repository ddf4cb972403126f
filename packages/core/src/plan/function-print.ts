import type { Callable } from './callable.js';
import type { Recorded } from './job-call.js';
import type { ModuleText } from './module-text.js';
import { shortHash } from './short-hash.js';

/** What must be the same about a function in two processes, whatever a loader or a runner has made of its text. */
export interface FunctionPrint {
  readonly verb: string;
  /** What it is, and how many parameters it takes. */
  readonly shape: string;
  readonly name: string;
  /** A hash of its text, where that is the module's own. */
  readonly text?: string;
}

/** The prints of all that a job's builder has handed to verbs. */
export interface CallPrint {
  /** Of the bytes of the module's file, where there is one. */
  readonly module?: string;
  /** Whether the builder's text is the file's own. */
  readonly isOwn: boolean;
  readonly functions: readonly FunctionPrint[];
}

/** What two processes compare of a call of a job. */
export function callPrint(
  { text, build }: { readonly text: ModuleText; readonly build: (...args: never[]) => unknown },
  recorded: readonly Recorded[],
): CallPrint {
  const texts = recorded.map(({ callable }) => textsOf(callable));
  const own = text.own([sourceOf(build), ...texts.flat()]);
  let next = 1;
  const functions = recorded.map(({ verb, callable }, i): FunctionPrint => {
    const hashes = own.slice(next, (next += texts[i]!.length));
    const print = { verb, shape: shapeOf(callable), name: nameOf(callable) };
    const isOwn = hashes.length > 0 && hashes.every((hash) => hash !== undefined);
    return isOwn ? { ...print, text: shortHash(hashes.join()) } : print;
  });
  return { ...(text.hash !== undefined && { module: text.hash }), isOwn: own[0] !== undefined, functions };
}

/** Says in words how a builder has built otherwise here than there; undefined where it has not. */
export function differenceOf(here: CallPrint, there: CallPrint): string | undefined {
  const [now, then] = [here.functions, there.functions];
  for (const [i, print] of now.entries()) {
    const other = then[i];
    const what = other && functionDifference(print, other, here.isOwn && there.isOwn);
    if (what !== undefined) return `function ${i + 1} ${what}`;
  }
  return now.length === then.length
    ? undefined
    : `it hands over ${counted(now.length, 'function')}, not ${then.length}`;
}

function functionDifference(now: FunctionPrint, then: FunctionPrint, areOwn: boolean): string | undefined {
  if (now.verb !== then.verb) return `is given to ${now.verb}, not to ${then.verb}`;
  if (now.shape !== then.shape) return `is ${now.shape}, not ${then.shape}`;
  const isAnother =
    now.text !== undefined && then.text !== undefined
      ? now.text !== then.text
      : // A function of another module has a name that tells as much, unless that module alone is transformed.
        areOwn && isTelling(now.name) && isTelling(then.name) && now.name !== then.name;
  return isAnother ? 'is another one' : undefined;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** Whether a name is one that somebody has written: what a transform makes up begins with an underscore. */
function isTelling(name: string): boolean {
  return /^[^\W_]\w*$/.test(name) && name !== 'default';
}

function shapeOf(callable: Callable): string {
  if ('~standard' in callable) return `a schema of ${callable['~standard'].vendor}`;
  if (typeof callable === 'function') return `a function of ${counted(callable.length, 'parameter')}`;
  const parts = methodsOf(callable).map(([name, method]) => `${name}(${method.length})`);
  return `an aggregator of ${parts.join(', ')}`;
}

function nameOf(callable: Callable): string {
  return typeof callable === 'function' && typeof callable.name === 'string' ? callable.name : '';
}

/** A schema has none: libraries fill in its insides as it is used, and its defaults may be another value each time. */
function textsOf(callable: Callable): string[] {
  if ('~standard' in callable) return [];
  if (typeof callable === 'function') return [sourceOf(callable)];
  return methodsOf(callable).map(([, method]) => sourceOf(method));
}

type Method = (...args: never[]) => unknown;

function methodsOf(aggregator: Exclude<Callable, Method>): [string, Method][] {
  const names = ['zero', 'add', 'merge', 'finish'] as const;
  return names.flatMap((name) => {
    const method: unknown = (aggregator as Partial<Record<typeof name, unknown>>)[name];
    return typeof method === 'function' ? [[name, method as Method]] : [];
  });
}

function sourceOf(fn: Method): string {
  return Function.prototype.toString.call(fn);
}
