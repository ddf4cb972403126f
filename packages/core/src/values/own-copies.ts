import { types } from 'node:util';
import { decode, encode } from './codec.js';
import { isPlain } from './is-plain.js';

/** Copies of values that are kept for many, so that what one of them does to its copy is not seen by the others. */
export class OwnCopies {
  /** What is no tree of plain data is copied as it travels. */
  readonly #others = new Map<unknown, Uint8Array>();

  /** Notes a value, which a codec has given. It must stay as it is from now on. */
  keep(value: unknown): void {
    if (!isTree(value, new Set())) this.#others.set(value, encode(value, 'value'));
  }

  /** A copy of a value that was noted; the value itself where nobody can change it. */
  of(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const bytes = this.#others.size === 0 ? undefined : this.#others.get(value);
    return bytes === undefined ? copyTree(value) : decode(bytes);
  }
}

/** Whether a value that a codec has given is made of primitives, Dates, dense arrays and plain objects, each of which is met once. */
function isTree(value: unknown, seen: Set<object>): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (seen.has(value)) return false;
  seen.add(value);
  const names = Object.keys(value);
  if (types.isDate(value)) return true;
  if (Array.isArray(value)) {
    return names.length === value.length && value.every((item) => isTree(item, seen));
  }
  // To assign a property of that name would set what it inherits from.
  if (!isPlain(value) || names.includes('__proto__')) return false;
  return names.every((name) => isTree(value[name as never], seen));
}

function copyTree(value: object): object {
  if (Array.isArray(value)) {
    const copy = value.slice() as unknown[];
    for (let i = 0; i < copy.length; i += 1) if (isObject(copy[i])) copy[i] = copyTree(copy[i] as object);
    return copy;
  }
  if (types.isDate(value)) return new Date(value.getTime());
  const copy: Record<string, unknown> = { ...value };
  for (const name of Object.keys(copy)) {
    const part = copy[name];
    if (isObject(part)) copy[name] = copyTree(part);
  }
  return copy;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
