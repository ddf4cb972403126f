import { types } from 'node:util';
import { kindOf } from './kind.js';
import { hasOnlyItems } from './only-items.js';

/**
 * How a value is to be serialized.
 * - `plain`: `v8.serialize` keeps it as it is.
 * - `graph`: it holds errors, whose class and properties V8 would drop, or is nested so deeply that V8 would run out
 *   of stack.
 * - `suspect`: something in it cannot cross, or looks like it. `refuse` finds out what.
 */
export type Verdict = 'plain' | 'graph' | 'suspect';

// A fast pass keeps no set of visited objects: most values are small trees. Depth or size beyond these may mean a cycle
// or heavy sharing, so the scan starts again with a set.
const MAX_DEPTH = 64;
const MAX_VISITS = 1_000_000;
// Arrays after the first ones of a value are looked at in full one time in sixteen: named and symbol keys on arrays
// come from code that makes every record so, and the look costs as much as serializing a pair.
const ARRAYS_IN_FULL = 1024;

interface Scan {
  seen: Set<object> | undefined;
  visits: number;
  arrays: number;
  graph: boolean;
  restart: boolean;
  /** Objects below `MAX_DEPTH`, to be scanned from there. */
  readonly deferred: object[];
}

/** Looks through a value, once for every record that crosses: no paths, no allocation. Never throws. */
export function scan(value: unknown): Verdict {
  try {
    const fast = newScan(undefined);
    if (visit(value, 0, fast)) return fast.graph ? 'graph' : 'plain';
    if (!fast.restart) return 'suspect';
    const careful = newScan(new Set());
    if (!visit(value, 0, careful)) return 'suspect';
    for (let next = careful.deferred.pop(); next !== undefined; next = careful.deferred.pop()) {
      if (!visitInside(next, 0, careful)) return 'suspect';
    }
    return careful.graph ? 'graph' : 'plain';
  } catch {
    return 'suspect';
  }
}

function newScan(seen: Set<object> | undefined): Scan {
  return { seen, visits: 0, arrays: 0, graph: false, restart: false, deferred: [] };
}

function visit(value: unknown, depth: number, scan: Scan): boolean {
  if (typeof value !== 'object') return typeof value !== 'function' && typeof value !== 'symbol';
  if (value === null) return true;
  if (scan.seen !== undefined) {
    if (scan.seen.has(value)) return true;
    scan.seen.add(value);
    if (depth > MAX_DEPTH) {
      scan.graph = true;
      scan.deferred.push(value);
      return true;
    }
  } else if (depth > MAX_DEPTH || ++scan.visits > MAX_VISITS) {
    scan.restart = true;
    return false;
  }
  return visitInside(value, depth, scan);
}

function visitInside(value: object, depth: number, scan: Scan): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The common ones first, of this realm; `kindOf` knows all of them, of any realm.
  if (prototype === Object.prototype) return visitProperties(value, depth, scan);
  if (prototype === Array.prototype && Array.isArray(value)) return visitArray(value, depth, scan);
  if (prototype === Date.prototype && types.isDate(value)) return isBare(value);
  switch (kindOf(value)) {
    case 'Array':
      return visitArray(value as unknown[], depth, scan);
    case 'Object':
      return visitProperties(value, depth, scan);
    case 'Error':
      scan.graph = true;
      return true;
    case 'view':
      return true; // its named properties are not looked for: they cost more than all its numbers
    case 'Map':
      for (const [key, member] of Map.prototype.entries.call(value)) {
        if (!visit(key, depth + 1, scan) || !visit(member, depth + 1, scan)) return false;
      }
      return isBare(value);
    case 'Set':
      for (const member of Set.prototype.values.call(value))
        if (!visit(member, depth + 1, scan)) return false;
      return isBare(value);
    case 'String':
      return Object.keys(value).length === (value as { length: number }).length;
    case undefined:
      return false;
    default:
      return isBare(value);
  }
}

function visitProperties(value: object, depth: number, scan: Scan): boolean {
  // for-in runs on V8's cache of a shape's keys and allocates nothing. A polluted Object.prototype only raises suspicion.
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'string' || typeof member === 'number') continue;
    if (!visit(member, depth + 1, scan)) return false;
  }
  return Object.getOwnPropertySymbols(value).length === 0;
}

function visitArray(array: readonly unknown[], depth: number, scan: Scan): boolean {
  scan.arrays += 1;
  if ((scan.arrays <= ARRAYS_IN_FULL || scan.arrays % 16 === 0) && !hasOnlyItems(array)) {
    return visitProperties(array, depth, scan);
  }
  let empty = 0;
  for (let i = 0; i < array.length; i += 1) {
    const item = array[i];
    if (typeof item === 'string' || typeof item === 'number') continue;
    if (item === undefined) {
      empty += 1;
      if (empty % 1000 === 0 && !(i in array)) return visitProperties(array, depth, scan); // sparse, perhaps 4e9 long
    } else if (!visit(item, depth + 1, scan)) return false;
  }
  return true;
}

/** Whether an object has no properties. */
export function isBare(value: object): boolean {
  // for-in is the fast way to see that there are no keys; those of a polluted Object.prototype do not count.
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return Object.getOwnPropertySymbols(value).length === 0;
}
