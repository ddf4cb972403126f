import { types } from 'node:util';

/** How many elements of a collection are looked at; the others are taken to be like them. */
const SAMPLE = 8;

/**
 * Bytes that a value is likely to take on the heap. An estimate that depends on the value alone, never on the state
 * of the heap, so that what is decided by it happens again in every run. Looks at a few elements of a collection.
 */
export function sizeOf(value: unknown, depth = 0): number {
  switch (typeof value) {
    case 'number':
      return 12;
    case 'string':
      return 24 + value.length;
    case 'bigint':
      // Most fit a word; for a long one its digits are counted.
      return BigInt.asIntN(64, value) === value ? 24 : 16 + value.toString(16).length / 2;
    case 'object':
      return value === null ? 0 : sizeOfObject(value, depth);
    default:
      return 0;
  }
}

function sizeOfObject(value: object, depth: number): number {
  if (ArrayBuffer.isView(value)) return 120 + value.byteLength;
  if (depth > 4) return 64;
  if (Array.isArray(value)) return 32 + value.length * (8 + averageOfArray(value as unknown[], depth));
  if (types.isSet(value)) return 64 + value.size * (40 + averageOf(value.values(), depth));
  if (types.isMap(value)) {
    return 64 + value.size * (48 + averageOf(value.keys(), depth) + averageOf(value.values(), depth));
  }
  if (types.isAnyArrayBuffer(value)) return 120 + value.byteLength;
  const names = Object.keys(value);
  const step = Math.ceil(names.length / SAMPLE);
  let bytes = 0;
  for (let i = 0; i < names.length; i += step) {
    bytes += step * (8 + sizeOf((value as Record<string, unknown>)[names[i] ?? ''], depth + 1));
  }
  // A small object shares its shape with others; a large one is a dictionary that owns its names.
  return 32 + bytes + (names.length > 32 ? names.length * 40 : 0);
}

function averageOfArray(items: readonly unknown[], depth: number): number {
  const step = Math.ceil(items.length / SAMPLE);
  let bytes = 0;
  let seen = 0;
  for (let i = 0; i < items.length; i += step, seen++) bytes += sizeOf(items[i], depth + 1);
  return seen === 0 ? 0 : bytes / seen;
}

function averageOf(items: Iterable<unknown>, depth: number): number {
  let bytes = 0;
  let seen = 0;
  for (const item of items) {
    bytes += sizeOf(item, depth + 1);
    if (++seen === SAMPLE) break;
  }
  return seen === 0 ? 0 : bytes / seen;
}

/** Estimates value after value: a primitive or bytes exactly, of objects every eighth one (by count). */
export class SizeSampler {
  #last = 0;
  #skip = 0;

  of(value: unknown): number {
    if (typeof value === 'number') return 12;
    if (typeof value === 'string') return 24 + value.length;
    if (typeof value !== 'object' || ArrayBuffer.isView(value)) return sizeOf(value);
    if (this.#skip-- === 0) {
      this.#skip = 7;
      this.#last = sizeOf(value);
    }
    return this.#last;
  }
}
