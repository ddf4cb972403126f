import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import type { AnyFunction } from './callable.js';
import type { CallSite } from './call-site.js';
import { valuesAround } from './values-around.js';

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
  if (names.length === 0) return [];
  const around = valuesAround(fn, names);
  return names.filter((name) => around.has(name) && around.get(name) !== global[name]);
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
