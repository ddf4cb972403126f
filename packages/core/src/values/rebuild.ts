import { emptyContainer, type Head } from './flatten.js';
import { ENUMERABLE, INHERITED, SYMBOL, type Entry, type ErrorHead } from './error-record.js';
import { fromSymbolRecord, type SymbolRecord } from './symbol-record.js';

/** The object for a placeholder, still empty: others may refer to it before it is filled. */
export function shellOf(head: Head): object {
  return head[0] === 'Error' ? errorShell(head) : emptyContainer(head[0]);
}

/** Moves what the record holds into its shell. */
export function fillShell(shell: object, head: Head, record: unknown): void {
  if (head[0] === 'Error') for (const entry of record as Entry[]) defineEntry(shell, entry);
  else if (shell instanceof Map)
    for (const [key, value] of record as Map<unknown, unknown>) shell.set(key, value);
  else if (shell instanceof Set) for (const member of record as Set<unknown>) shell.add(member);
  else {
    if (Array.isArray(shell)) shell.length = (record as unknown[]).length;
    Object.defineProperties(shell, Object.getOwnPropertyDescriptors(record as object));
  }
}

/** The value of an entry of flags and value. */
export function entryValue(flags: number, value: unknown): unknown {
  return flags & SYMBOL ? fromSymbolRecord(value as SymbolRecord) : value;
}

function defineEntry(shell: object, [name, flags, encoded]: Entry): void {
  const key = typeof name === 'string' ? name : fromSymbolRecord(name);
  const value = entryValue(flags, encoded);
  if (flags & INHERITED && (shell as Record<string | symbol, unknown>)[key] === value) return;
  const enumerable = (flags & ENUMERABLE) !== 0;
  Object.defineProperty(shell, key, { value, enumerable, writable: true, configurable: true });
}

type AnyClass = new (...parameters: never[]) => object;

const bases: Record<string, AnyClass | undefined> = {
  '': Object,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
  AggregateError,
  SuppressedError: (globalThis as { SuppressedError?: AnyClass }).SuppressedError,
  DOMException,
};

function errorShell([, baseName, className, message, name]: ErrorHead): object {
  const Base = bases[baseName] ?? Error;
  const parameters =
    baseName === 'AggregateError' ? [[]] : baseName === 'DOMException' ? [message, name] : [];
  const shell = Reflect.construct(Base, parameters, namedClass(Base, baseName, className)) as object;
  // What the constructor defines belongs to this process, such as the stack; the entries bring the error's own.
  for (const key of Reflect.ownKeys(shell)) Reflect.deleteProperty(shell, key);
  return shell;
}

// Classes are kept so that two errors of one class have one `constructor`; the bound is for programs that invent names.
const classes = new Map<string, AnyClass>();
const MAX_CLASSES = 1000;

/** A subclass with the name of the user's own class, which this process may not have. */
function namedClass(Base: AnyClass, baseName: string, className: string): AnyClass {
  if (className === baseName || className === '') return Base;
  const id = `${baseName} ${className}`;
  let named = classes.get(id);
  if (named === undefined) {
    named = { [className]: class extends Base {} }[className]!;
    if (classes.size >= MAX_CLASSES) classes.clear();
    classes.set(id, named);
  }
  return named;
}
