import { types } from 'node:util';
import { indexStep, propertyStep, renderPath, type Place } from '../../values/value-path.js';

/** What JSON would lose, and the steps to it, the last one first. */
interface Lost {
  readonly what: string;
  readonly steps: string[];
  readonly remedy?: string;
}

/** What is kept in mind while a record is looked at. */
interface Look {
  /** The objects that were looked at, where they may be no tree. */
  readonly seen?: Set<object>;
  hasMinusZero: boolean;
}

/**
 * A record as one line of JSON, which reads back as it was. As in `JSON.stringify`, a `toJSON` of the user's is used; but for
 * what that gives, all that JSON would drop, or write as something else, is refused.
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
  const look: Look = { hasMinusZero: false, ...(failure && { seen: new Set() }) };
  const lost = findLost(record, look);
  if (lost !== undefined) {
    const path = renderPath(placeOf(lost.steps));
    throw new TypeError(
      `${path} is ${lost.what}, which JSON would lose: ${lost.remedy ?? 'map it to plain data first'}`,
    );
  }
  if (failure !== undefined) throw failure.error;
  return look.hasMinusZero ? withMinusZeros(record) : text!;
}

/** JSON knows -0, which `JSON.stringify` writes as 0. */
function withMinusZeros(record: unknown): string {
  // No text of a user's is like it.
  const mark = `-0 ${Math.random()} ${Math.random()}`;
  const text = JSON.stringify(record, (_, value: unknown) => (Object.is(value, -0) ? mark : value));
  return text.replaceAll(`"${mark}"`, '-0');
}

function findLost(value: unknown, look: Look): Lost | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      if (Object.is(value, -0)) look.hasMinusZero = true;
      return Number.isFinite(value) ? undefined : { what: String(value), steps: [] };
    case 'undefined':
      return { what: 'undefined', steps: [], remedy: 'leave it out, or write null' };
    case 'object':
      return value === null ? undefined : findLostInside(value, look);
    default:
      return typeof value === 'bigint' && hasToJson(value)
        ? undefined
        : { what: `a ${typeof value}`, steps: [] };
  }
}

function findLostInside(value: object, look: Look): Lost | undefined {
  if (look.seen?.has(value)) return undefined;
  look.seen?.add(value);
  let written = value;
  if (hasToJson(value)) {
    if (types.isDate(value)) {
      // A date would read back as a text.
      const isValid = !Number.isNaN(value.getTime());
      return {
        what: isValid ? 'a Date' : 'an invalid date',
        steps: [],
        remedy: 'map it to a text or a number first',
      };
    }
    const replaced = value.toJSON();
    if (typeof replaced !== 'object' || replaced === null) return findLost(replaced, look);
    written = replaced;
  }
  if (Array.isArray(written)) {
    for (let i = 0; i < written.length; i += 1) {
      const lost = findLost(written[i], look);
      if (lost !== undefined) return under(indexStep(i), lost);
    }
    return undefined;
  }
  const prototype = Object.getPrototypeOf(written) as object | null;
  if (prototype !== Object.prototype && prototype !== null && isOpaque(written)) {
    return { what: `an instance of ${written.constructor.name}`, steps: [] };
  }
  for (const key of Object.keys(written)) {
    const lost = findLost((written as Record<string, unknown>)[key], look);
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
