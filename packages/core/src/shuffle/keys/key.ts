import { types } from 'node:util';
import { isPlain } from '../../values/is-plain.js';
import { escapeControls, preview } from '../../values/preview.js';
import { indexStep, propertyStep, quote } from '../../values/value-path.js';
import { BadKey } from './bad-key.js';

/** Deeper keys are refused: comparing them would overflow the stack. */
export const MAX_KEY_DEPTH = 500;

const ALLOWED =
  'a key may be a string, number, bigint, boolean, null, undefined or Date, or a plain object or array of these';

/**
 * The text that stands for a composite key (a Date, array or plain object): two keys are equal exactly if their
 * texts are. The order of properties does not matter; a property that is undefined differs from one that is absent.
 *
 * @throws BadKey for a function, symbol, class instance or cycle, naming its path in the key.
 */
export function canonicalKey(key: unknown): string {
  return encodePart(key, { ancestors: [], steps: [] });
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
  return typeof key === 'string' ? quote(key) : preview(key, 60);
}

/** Where a part is in its key. Steps become a text only if they are needed. */
interface Trail {
  readonly ancestors: object[];
  readonly steps: (string | number)[];
}

// Every part starts with its type and says its own length, so that no text of one key is another key's.
function encodePart(part: unknown, trail: Trail): string {
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
      return part === null ? 'l' : encodeObject(part, trail);
    default:
      throw refusal(trail, `is a ${typeof part}`);
  }
}

function encodeObject(part: object, trail: Trail): string {
  if (isSubclassed(part)) throw refusal(trail, `is ${describeInstance(part)}`);
  if (types.isDate(part)) return `d${part.getTime()};`;
  const { ancestors, steps } = trail;
  if (ancestors.includes(part)) throw refusal(trail, 'refers to itself');
  const depth = ancestors.length;
  if (depth === MAX_KEY_DEPTH) throw refusal(trail, `is nested more than ${MAX_KEY_DEPTH} levels deep`);
  ancestors.push(part);
  let text: string;
  if (Array.isArray(part)) {
    text = `a${part.length}:`;
    for (let i = 0; i < part.length; i++) {
      steps[depth] = i;
      text += encodePart(part[i], trail);
    }
  } else {
    if (!isPlain(part)) throw refusal(trail, `is ${describeInstance(part)}`);
    if (Object.getOwnPropertySymbols(part).length > 0)
      throw refusal(trail, 'has a property named by a symbol');
    const names = Object.keys(part).sort();
    text = `o${names.length}:`;
    for (const name of names) {
      const value = (part as Record<string, unknown>)[name];
      steps[depth] = name;
      text += `${name.length}:${name}${encodePart(value, trail)}`;
    }
  }
  ancestors.pop();
  return text;
}

/** Whether a Date or an array is of a class of its own, which a copy would lose. By shape, as `isPlain`. */
export function isSubclassed(part: object): boolean {
  if (!types.isDate(part) && !Array.isArray(part)) return false;
  const prototype = Object.getPrototypeOf(part) as object | null;
  return prototype === null || !isPlain(prototype);
}

/** What to call an object of a class in a message. */
export function describeInstance(part: object): string {
  const { constructor } = part as { constructor?: { name?: unknown } | null };
  const name = constructor?.name;
  if (typeof name !== 'string' || name === '') return 'an instance of a class';
  return `an instance of ${escapeControls(name.slice(0, 100))}`;
}

function refusal({ ancestors, steps }: Trail, what: string): BadKey {
  const taken = steps.slice(0, ancestors.length);
  const texts = taken.map((step) => (typeof step === 'number' ? indexStep(step) : propertyStep(step)));
  return new BadKey(`key${texts.join('')}`, what, ALLOWED);
}
