import { types } from 'node:util';
import { indexStep, propertyStep, renderPath, type Place } from '../../values/value-path.js';

/** What JSON would lose, and the steps to it, the last one first. */
interface Lost {
  readonly what: string;
  readonly steps: string[];
}

/**
 * A record as one line of JSON. As in `JSON.stringify`, a property that is undefined is left out and `toJSON` is used;
 * anything else that JSON would drop, or write as something else, is refused.
 *
 * @throws TypeError that starts with the path: `record.total is a bigint, ...`
 */
export function jsonLine(record: unknown): string {
  let text: string | undefined;
  let failure: { error: unknown } | undefined;
  try {
    text = JSON.stringify(record);
  } catch (error) {
    failure = { error };
  }
  // What was written is known to be a tree; otherwise every object is looked at once.
  const lost = findLost(record, false, failure && new Set());
  if (lost !== undefined) {
    const path = renderPath(placeOf(lost.steps));
    throw new TypeError(`${path} is ${lost.what}, which JSON would lose: map it to plain data first`);
  }
  if (failure !== undefined) throw failure.error;
  return text!;
}

function findLost(value: unknown, mayBeUndefined: boolean, seen: Set<object> | undefined): Lost | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : { what: String(value), steps: [] };
    case 'undefined':
      return mayBeUndefined ? undefined : { what: 'undefined', steps: [] };
    case 'object':
      return value === null ? undefined : findLostInside(value, mayBeUndefined, seen);
    default:
      return typeof value === 'bigint' && hasToJson(value)
        ? undefined
        : { what: `a ${typeof value}`, steps: [] };
  }
}

function findLostInside(
  value: object,
  mayBeUndefined: boolean,
  seen: Set<object> | undefined,
): Lost | undefined {
  if (seen?.has(value)) return undefined;
  seen?.add(value);
  let written = value;
  if (hasToJson(value)) {
    if (types.isDate(value)) {
      return Number.isNaN(value.getTime()) ? { what: 'an invalid date', steps: [] } : undefined;
    }
    const replaced = value.toJSON();
    if (typeof replaced !== 'object' || replaced === null) return findLost(replaced, mayBeUndefined, seen);
    written = replaced;
  }
  if (Array.isArray(written)) {
    for (let i = 0; i < written.length; i += 1) {
      const lost = findLost(written[i], false, seen);
      if (lost !== undefined) return under(indexStep(i), lost);
    }
    return undefined;
  }
  const prototype = Object.getPrototypeOf(written) as object | null;
  if (prototype !== Object.prototype && prototype !== null && isOpaque(written)) {
    return { what: `an instance of ${written.constructor.name}`, steps: [] };
  }
  for (const key of Object.keys(written)) {
    const lost = findLost((written as Record<string, unknown>)[key], true, seen);
    if (lost !== undefined) return under(propertyStep(key), lost);
  }
  return undefined;
}

/** Whether JSON would write an object of this kind as `{}`, or as its indexes. */
function isOpaque(value: object): boolean {
  return (
    Symbol.iterator in value ||
    types.isNativeError(value) ||
    types.isRegExp(value) ||
    types.isPromise(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isArrayBufferView(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value)
  );
}

function hasToJson<T>(value: T): value is T & { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

function under(step: string, lost: Lost): Lost {
  lost.steps.push(step);
  return lost;
}

function placeOf(steps: readonly string[]): Place {
  const root: Place = { value: undefined, step: 'record', parent: undefined };
  return steps.reduceRight<Place>((parent, step) => ({ value: undefined, step, parent }), root);
}
