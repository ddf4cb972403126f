import { types } from 'node:util';
import { Gaps } from './gaps.js';

/** How many elements of a collection are looked at; the others are taken to be like them. */
const SAMPLE = 8;

// Multiples of the golden ratio, without their integers, are spread evenly, and in step with nothing that repeats.
const POINTS = Array.from({ length: SAMPLE }, (_, n) => (((n + 0.5) * (Math.sqrt(5) - 1)) / 2) % 1);

/** The index of the `n`-th element to look at: no two have the same remainder by 8, so rhythms of 2, 4 and 8 are met too. */
function spread(n: number, length: number): number {
  const index = Math.floor(POINTS[n]! * length);
  const place = index - (index % SAMPLE) + n;
  return place < length ? place : place - SAMPLE;
}

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
      return sizeOfBigint(value);
    case 'object':
      return value === null ? 0 : sizeOfObject(value, depth);
    default:
      return 0;
  }
}

/** Most fit a word. The nearest double says how long others are, unless there is none: then digits are counted. */
function sizeOfBigint(value: bigint): number {
  const size = Math.abs(Number(value));
  if (size < 2 ** 63) return 24;
  return size < Infinity
    ? 16 + Math.ceil(Math.log2(size) / 8)
    : 16 + Math.ceil(value.toString(16).replace('-', '').length / 2);
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
  const seen = Math.min(names.length, SAMPLE);
  let bytes = 0;
  for (let n = 0; n < seen; n++) {
    const name = names[seen === names.length ? n : spread(n, names.length)];
    bytes += 8 + sizeOf((value as Record<string, unknown>)[name ?? ''], depth + 1);
  }
  if (seen < names.length) bytes *= names.length / seen;
  // A small object shares its shape with others; a large one is a dictionary that owns its names.
  return 32 + bytes + (names.length > 32 ? names.length * 40 : 0);
}

function averageOfArray(items: readonly unknown[], depth: number): number {
  const { length } = items;
  const seen = Math.min(length, SAMPLE);
  let bytes = 0;
  for (let n = 0; n < seen; n++) bytes += sizeOf(items[seen === length ? n : spread(n, length)], depth + 1);
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

/** Of so many objects one is measured. */
const MEASURED = 8;
/** How much the last measurement counts in what is taken for the size of an object that is not measured. */
const WEIGHT = 0.25;

/**
 * Estimates value after value: a primitive or bytes exactly, of objects one in eight; the others are taken to be as large
 * as the last measured ones were on average.
 */
export class SizeSampler {
  readonly #gaps = new Gaps();
  #average = 0;
  #measured = 0;
  #skip = 0;

  of(value: unknown): number {
    if (typeof value === 'number') return 12;
    if (typeof value === 'string') return 24 + value.length;
    if (typeof value !== 'object' || ArrayBuffer.isView(value)) return sizeOf(value);
    return this.#skip-- === 0 ? this.#measure(value) : this.#average;
  }

  #measure(value: object | null): number {
    const bytes = sizeOf(value);
    this.#measured += 1;
    // The first ones lie close together: one alone says little.
    this.#skip = this.#gaps.next(Math.min(MEASURED, this.#measured)) - 1;
    const weight = Math.max(WEIGHT, 1 / this.#measured);
    this.#average = Math.round(this.#average + (bytes - this.#average) * weight);
    return bytes;
  }
}
