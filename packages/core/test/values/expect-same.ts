import { inspect, types } from 'node:util';
import { expect } from '@jest/globals';

/**
 * Deep equality by `Object.is`, blind to realms and to null prototypes: decoded objects are of the main realm. Where an
 * object is met again, it is not looked into again.
 */
export function expectSame(actual: unknown, expected: unknown): void {
  met = new Map();
  const difference = differs(actual, expected, '');
  expect(difference).toBeUndefined();
}

/** With what each object has been compared. */
let met = new Map<unknown, unknown>();

function differs(actual: unknown, expected: unknown, path: string): string | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null)
    return path;
  if (met.get(actual) === expected) return undefined;
  met.set(actual, expected);
  if (tag(actual) !== tag(expected)) return `${path}: ${tag(actual)} is not ${tag(expected)}`;
  if (types.isDate(expected)) return differs(Number(actual), Number(expected), `${path}.time`);
  if (types.isRegExp(expected)) return differs(inspect(actual), inspect(expected), `${path}.source`);
  if (types.isBoxedPrimitive(expected))
    return differs(actual.valueOf(), expected.valueOf(), `${path}.valueOf()`);
  if (types.isArrayBuffer(expected)) {
    return differs(new Uint8Array(actual as ArrayBuffer), new Uint8Array(expected), `${path}.bytes`);
  }
  if (types.isMap(expected))
    return differs([...(actual as Map<unknown, unknown>)], [...expected], `${path}.entries`);
  if (types.isSet(expected)) return differs([...(actual as Set<unknown>)], [...expected], `${path}.members`);
  const keys = Object.keys(expected);
  if (JSON.stringify(Object.keys(actual)) !== JSON.stringify(keys)) return `${path}: other keys`;
  if (Array.isArray(expected) && (actual as unknown[]).length !== expected.length) return `${path}.length`;
  for (const key of keys) {
    const [left, right] = [actual, expected] as Record<string, unknown>[];
    const difference = differs(left![key], right![key], `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function tag(value: object): string {
  return Object.prototype.toString.call(value);
}
