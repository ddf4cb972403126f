import { types } from 'node:util';
import { tryOr } from './try-or.js';
import { builtInName, errorBase, kindOf } from './kind.js';
import { preview } from './preview.js';
import { toSymbolRecord, type SymbolRecord } from './symbol-record.js';

/**
 * What an error is: the nearest built-in class (`''` for an instance that is no error) and the name of its own.
 * A `DOMException` takes message and name when it is made.
 */
export type ErrorHead = readonly [
  what: 'Error',
  base: string,
  className: string,
  message?: string,
  name?: string,
];

/** A property to define on the rebuilt error; `flags` is a sum of the constants below. */
export type Entry = readonly [key: string | SymbolRecord, flags: number, value: unknown];

export const ENUMERABLE = 1;
/** `value` is a `SymbolRecord`. */
export const SYMBOL = 2;
/** Comes from the prototype: to be defined only where the rebuilt error inherits another value. */
export const INHERITED = 4;

/** How a value of an error is copied: `[flags, value]`. `thrown` for a value that was thrown itself, such as a cause. */
export type CopyValue = (value: unknown, thrown: boolean) => readonly [flags: number, value: unknown];

// Kept even where they are not enumerable or come from the prototype.
const SPECIAL = ['name', 'message', 'code', 'cause', 'errors'];

/** Never throws. */
export function headOfError(error: object): ErrorHead {
  const base = tryOr(
    () => errorBase(error) ?? '',
    () => 'Error',
  );
  const className = tryOr(
    () => classNameOf(error, base),
    () => base,
  );
  if (base !== 'DOMException') return ['Error', base, className];
  return ['Error', base, className, asText(read(error, 'message')), asText(read(error, 'name'))];
}

/** All that has to be defined on a rebuilt error. Never throws; what cannot be read becomes a text that says so. */
export function entriesOfError(error: object, isError: boolean, copy: CopyValue): Entry[] {
  const entries: Entry[] = [];
  const keys = tryOr(
    () => Reflect.ownKeys(error),
    () => [],
  );
  if (isError) {
    const stack = read(error, 'stack');
    if (stack !== undefined) entries.push(['stack', 0, asText(stack)]);
    for (const key of SPECIAL.filter((key) => !keys.includes(key))) {
      const value = read(error, key);
      if (value === undefined || typeof value === 'function') continue;
      entries.push(entry(key, INHERITED, value));
    }
  }
  for (const key of keys) {
    const special = typeof key === 'string' && SPECIAL.includes(key);
    const enumerable = tryOr(
      () => Object.prototype.propertyIsEnumerable.call(error, key),
      () => false,
    );
    if ((!enumerable && !special) || (isError && key === 'stack')) continue;
    const value = read(error, key);
    // An own `toString` that came as a text would make every use of the error throw.
    if (typeof value === 'function' && (key in Object.prototype || key === 'toJSON')) continue;
    entries.push(entry(key, enumerable ? ENUMERABLE : 0, value));
  }
  return entries;

  function entry(key: string | symbol, flags: number, value: unknown): Entry {
    const name = typeof key === 'symbol' ? toSymbolRecord(key) : key;
    if (isError && (key === 'message' || key === 'name')) return [name, flags, asText(value)];
    const [more, copied] = copy(value, isError && key === 'cause');
    return [name, flags | more, copied];
  }
}

/**
 * Whether a thrown object that V8 would not keep is worth taking apart: an instance of a user's class, with
 * properties, or the proxy of an error.
 */
export function isInstance(value: object): boolean {
  return tryOr(
    () => {
      if (types.isProxy(value)) return errorBase(value) !== undefined;
      const isPlainTag = Object.prototype.toString.call(value) === '[object Object]';
      return isPlainTag && kindOf(value) === undefined && Object.keys(value).length > 0;
    },
    () => false,
  );
}

function classNameOf(error: object, base: string): string {
  const prototype = Object.getPrototypeOf(error) as { constructor?: { name?: unknown } } | null;
  if (prototype === null || builtInName(prototype) !== undefined) return base;
  const name = prototype.constructor?.name;
  return typeof name === 'string' && name !== '' ? name.slice(0, 200) : base;
}

function read(object: object, key: string | symbol): unknown {
  return tryOr(
    () => (object as Record<string | symbol, unknown>)[key],
    (reason) => `[${String(key)} cannot be read: ${preview(reason)}]`,
  );
}

// Whoever handles an error expects these to be strings.
function asText(value: unknown): string {
  return typeof value === 'string' ? value : preview(value, 1000);
}
