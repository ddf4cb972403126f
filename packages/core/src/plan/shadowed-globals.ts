import { readFileSync } from 'node:fs';
import type * as Inspector from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import type { AnyFunction } from './callable.js';
import type { CallSite } from './call-site.js';

/** The global object that children have one like, whatever realm this module was loaded in. */
const global = runInThisContext('globalThis') as Record<PropertyKey, unknown>;
/** Names that all stand for the global object itself. */
const selves: ReadonlySet<string> = new Set(['globalThis', 'global', 'self', 'window', 'undefined']);

/**
 * The names in an inline function that mean a variable around it here, and a global in a child, where only its text
 * arrives: `crypto` that was imported from `node:crypto`, or a `fetch` of one's own. Nothing would fail there, and the
 * result would be that of another function. A variable that holds the global itself does no harm.
 *
 * The text tells which names come into question, the file whether it declares one of them anywhere, and V8 what the function
 * really sees: its scopes, as a debugger is told them. That costs 0.5 ms, and only a few functions come so far.
 */
export function shadowedGlobals(fn: AnyFunction, source: string, site: CallSite | undefined): string[] {
  const names = globalNames(source).filter((name) => site === undefined || mayDeclare(site.file, name));
  return names.length === 0 ? [] : shadowedAround(fn, names);
}

/** The globals that a text seems to use, and does not declare itself. */
function globalNames(source: string): string[] {
  const code = source
    .replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/\/.*|\/\*[^]*?\*\//g, ' ')
    // Keys of objects are no variables.
    .replace(/([{,]\s*)[A-Za-z_$][\w$]*(?=\s*:)/g, '$1');
  const found = code.matchAll(/(?<![\w$]|(?<!\.\.)\.\s*)([A-Za-z_$][\w$]*)/g);
  const names = new Set([...found].map(([, name]) => name!));
  return [...names].filter((name) => name in global && !selves.has(name) && !declares(code, name));
}

/** Whether a text has a variable or a parameter of this name, somewhere. */
function declares(code: string, name: string): boolean {
  const word = `(?<![\\w$])${name}(?![\\w$])`;
  return [
    `(?:const|let|var|function\\s*\\*?|class)\\s+${word}`,
    `(?:const|let|var)\\s*[{[][^=]*${word}[^=]*=`,
    `${word}\\s*=>`,
    `\\([^()]*${word}[^()]*\\)\\s*(?:=>|\\{)`,
  ].some((pattern) => new RegExp(pattern).test(code));
}

/** Whether files declare names, as far as was asked. */
const declared = new Map<string, Map<string, boolean>>();

/** Whether a file may have a variable of this name: an import, a declaration, a parameter or a part of a pattern. */
function mayDeclare(file: string, name: string): boolean {
  const known = declared.get(file) ?? new Map<string, boolean>();
  declared.set(file, known);
  const before = known.get(name);
  if (before !== undefined) return before;
  const word = `(?<![\\w$])${name}(?![\\w$])`;
  const declaration = `(?:const|let|var|function\\s*\\*?|class|import|as)\\s+${word}|[{[(,]\\s*${word}\\s*[,)}\\]=]|${word}\\s*=>`;
  let may = true;
  try {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    may = new RegExp(declaration).test(readFileSync(path, 'utf8'));
  } catch {
    // Code without a file, or that may not be read: V8 is asked.
  }
  known.set(name, may);
  return may;
}

/** Of some names those that are variables around a function, and other values than the globals. */
function shadowedAround(fn: AnyFunction, names: readonly string[]): string[] {
  const key = Symbol.for('forkfold: a function that is looked at');
  const held: { readonly fn: AnyFunction; value: unknown } = { fn, value: undefined };
  let session: Inspector.Session | undefined;
  try {
    const { Session } = process.getBuiltinModule('node:inspector');
    session = new Session();
    session.connect();
    Object.defineProperty(global, key, { value: held, configurable: true });
    const ask = askingOf(session);
    const expression = `globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(key))})]`;
    const holder = ask('Runtime.evaluate', { expression }).result as Remote;
    const { objectId } = ask('Runtime.evaluate', { expression: `${expression}.fn` }).result as Remote;
    const around = variablesAround(ask, objectId!);
    return names.filter((name) => {
      const found = around.get(name);
      if (found === undefined) return false;
      const functionDeclaration = 'function (value) { this.value = value; }';
      const argument = found.objectId === undefined ? { value: found.value } : { objectId: found.objectId };
      ask('Runtime.callFunctionOn', {
        objectId: holder.objectId,
        functionDeclaration,
        arguments: [argument],
      });
      return held.value !== global[name];
    });
  } catch {
    // A runtime without an inspector, or one that may not be used, tells nothing.
    return [];
  } finally {
    Reflect.deleteProperty(global, key);
    session?.disconnect();
  }
}

/** A value as the inspector describes it. */
interface Remote {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly description?: string;
}

type Ask = (method: string, params: object) => Record<string, unknown>;
type Property = { readonly name: string; readonly value?: Remote };

function askingOf(session: Inspector.Session): Ask {
  return (method, params) => {
    let answer: Record<string, unknown> = {};
    // The session answers before the call returns.
    session.post(method, params, (error, result) => {
      if (error !== null) throw new Error(error.message);
      answer = result as Record<string, unknown>;
    });
    return answer;
  };
}

/** The variables that a function sees, by their names, but for the globals. */
function variablesAround(ask: Ask, objectId: string): Map<string, Remote> {
  const propertiesOf = (id: string): Record<string, Property[] | undefined> =>
    ask('Runtime.getProperties', { objectId: id, ownProperties: true }) as Record<string, Property[]>;
  const scopes = propertiesOf(objectId).internalProperties?.find(({ name }) => name === '[[Scopes]]');
  const around = new Map<string, Remote>();
  for (const { value: scope } of propertiesOf(scopes!.value!.objectId!).result ?? []) {
    if (scope?.objectId === undefined || scope.description === 'Global') continue;
    for (const { name, value = {} } of propertiesOf(scope.objectId).result ?? []) {
      // An inner scope comes first.
      if (!around.has(name)) around.set(name, value);
    }
  }
  return around;
}
