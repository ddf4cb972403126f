import { inspect, types } from 'node:util';
import { SerializationError } from '../errors.js';

/** Deeper keys are refused: comparing them would overflow the stack. */
const MAX_DEPTH = 500;

const ALLOWED =
  'a key may be a string, number, bigint, boolean, null, undefined or Date, or a plain object or array of these';

/**
 * The text that stands for a composite key (a Date, array or plain object): two keys are equal exactly if their
 * texts are. The order of properties does not matter; a property that is undefined differs from one that is absent.
 *
 * @throws SerializationError for a function, symbol, class instance or cycle, naming its path in the key.
 */
export function canonicalKey(key: unknown): string {
  return encodePart(key, 'key', []);
}

/**
 * A copy of a key that later changes of the original do not reach. Negative zeros become zero, holes of arrays
 * undefined. Call it only for a key that `canonicalKey` accepts.
 */
export function copyKey(key: unknown): unknown {
  if (typeof key === 'number') return key === 0 ? 0 : key;
  if (typeof key !== 'object' || key === null) return key;
  if (types.isDate(key)) return new Date(key.getTime());
  if (Array.isArray(key)) return Array.from(key as unknown[], copyKey);
  // fromEntries defines properties, so that an own `__proto__` stays one.
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, copyKey(value)]));
}

/** A short rendering of a key for a message. */
export function previewKey(key: unknown): string {
  const text = typeof key === 'string' ? JSON.stringify(key) : inspect(key, { breakLength: Infinity });
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

// Every part starts with its type and says its own length, so that no text of one key is another key's.
function encodePart(part: unknown, path: string, ancestors: object[]): string {
  switch (typeof part) {
    case 'string':
      return `s${part.length}:${part}`;
    case 'number':
      return `n${part};`;
    case 'bigint':
      return `i${part};`;
    case 'boolean':
      return part ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'object':
      return part === null ? 'l' : encodeObject(part, path, ancestors);
    default:
      throw refusal(path, `is a ${typeof part}`);
  }
}

function encodeObject(part: object, path: string, ancestors: object[]): string {
  if (types.isDate(part)) return `d${part.getTime()};`;
  if (ancestors.includes(part)) throw refusal(path, 'refers to itself');
  if (ancestors.length === MAX_DEPTH) throw refusal(path, `is nested more than ${MAX_DEPTH} levels deep`);
  ancestors.push(part);
  let text: string;
  if (Array.isArray(part)) {
    text = `a${part.length}:`;
    for (let i = 0; i < part.length; i++) text += encodePart(part[i], `${path}[${i}]`, ancestors);
  } else {
    if (!isPlain(part)) throw refusal(path, `is ${describeInstance(part)}`);
    if (Object.getOwnPropertySymbols(part).length > 0)
      throw refusal(path, 'has a property named by a symbol');
    const names = Object.keys(part).sort();
    text = `o${names.length}:`;
    for (const name of names) {
      const value = (part as Record<string, unknown>)[name];
      text += `${name.length}:${name}${encodePart(value, `${path}.${name}`, ancestors)}`;
    }
  }
  ancestors.pop();
  return text;
}

/** Whether an object is of no class. By shape, not by identity: it may come from another realm (a vm context, as under jest). */
export function isPlain(part: object): boolean {
  const prototype = Object.getPrototypeOf(part) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** What to call an object of a class in a message. */
export function describeInstance(part: object): string {
  const { constructor } = part as { constructor?: { name?: unknown } | null };
  const name = constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an instance of a class';
}

function refusal(path: string, what: string): SerializationError {
  return new SerializationError(`${path} ${what}: ${ALLOWED}`, path);
}
