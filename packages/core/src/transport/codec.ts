import { deserialize, serialize } from 'node:v8';
import { types } from 'node:util';
import { SerializationError } from '../errors.js';
import { putErrors, takeErrors, type WithoutErrors } from './nested-errors.js';

/** Stands before a value that holds errors; what v8 serializes begins with 0xff. */
const ERRORS = Uint8Array.of(1);

/**
 * Serializes a value for another process. What structured cloning would lose or change is refused.
 *
 * @param root Names the value in errors: `result` gives `result[3].handler is a function`.
 * @param firstIndex Added to the index of a top-level array in errors, so that they name the record's own position.
 * @throws SerializationError that names the path to the first value that cannot cross.
 */
export function encode(value: unknown, root: string, firstIndex = 0): Uint8Array {
  const seen = new Set<object>();
  check(value, root, firstIndex, seen);
  const hasErrors = [...seen].some((part) => types.isNativeError(part));
  try {
    if (hasErrors) return Buffer.concat([ERRORS, serialize(takeErrors(value))]);
    return serialize(value);
  } catch (cause) {
    throw new SerializationError(`${root} cannot cross the process boundary: ${String(cause)}`, root, {
      cause,
    });
  }
}

export function decode(bytes: Uint8Array): unknown {
  if (bytes[0] === ERRORS[0]) return putErrors(deserialize(bytes.subarray(1)) as WithoutErrors);
  return deserialize(bytes);
}

function check(value: unknown, path: string, firstIndex: number, seen: Set<object>): void {
  if (typeof value === 'function') refuse(path, 'is a function: return plain data instead');
  if (typeof value === 'symbol') refuse(path, 'is a symbol: return a string instead');
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return;
  seen.add(value);
  if (types.isPromise(value)) refuse(path, 'is a promise: use mapAsync');
  if (Object.getOwnPropertySymbols(value).length > 0) refuse(path, 'has a symbol as a key: use a string');
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const item: unknown = value[i];
      if (isPrimitive(item)) continue;
      check(item, `${path}[${i + firstIndex}]`, 0, seen);
    }
    return;
  }
  if (types.isMap(value)) {
    let i = 0;
    for (const [key, entry] of value) {
      check(key, `${path}.keys()[${i}]`, 0, seen);
      check(entry, `${path}.values()[${i}]`, 0, seen);
      i += 1;
    }
  } else if (types.isSet(value)) {
    let i = 0;
    for (const member of value) check(member, `${path}.values()[${i++}]`, 0, seen);
  } else if (isPlain(value)) {
    for (const name of Object.keys(value)) {
      const member = (value as Record<string, unknown>)[name];
      if (!isPrimitive(member)) check(member, path + step(name), 0, seen);
    }
  } else if (!isCloneable(value) && !types.isNativeError(value)) {
    refuse(path, `is an instance of ${className(value)}: return a plain object instead`);
  }
}

/** Tested before a path is built: most of what crosses is numbers and strings. */
function isPrimitive(value: unknown): boolean {
  const type = typeof value;
  return (
    type === 'number' || type === 'string' || type === 'boolean' || type === 'bigint' || value === undefined
  );
}

// Objects of other realms are plain too, so the prototype's own prototype decides.
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isCloneable(value: object): boolean {
  return (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isArrayBuffer(value) ||
    types.isBoxedPrimitive(value)
  );
}

function step(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function className(value: object): string {
  return (Object.getPrototypeOf(value) as { constructor?: { name?: string } }).constructor?.name ?? 'a class';
}

function refuse(path: string, why: string): never {
  throw new SerializationError(`${path} ${why}`, path);
}
