import { freshMemory, giveMemory, takeMemory, type IndexMemory } from './index-memory.js';
import { canonicalKey, copyKey } from './key.js';
import {
  CONSTANTS,
  HEADER,
  Kind,
  kindOf,
  recordMemory,
  recordWords,
  type RecordMemory,
  shapeOf,
  unpackKey,
  wordsOf,
} from './key-record.js';
import { finish, mix } from './murmur.js';
import { placeOf, placesFor, TAG_BITS, TAG_MASK, TAG_SHIFT, vacate } from './places.js';
import { sizeOf } from '../../blocks/size-estimate.js';

/** Bytes of the table for a key: four a place, two to four places. */
const PLACE_BYTES = 16;

/** Where a record is must fit a place of the table. */
const MOST_WORDS = 2 ** (33 - TAG_BITS);

/**
 * Distinct keys by value, packed into one array in the order of their first appearance, with a number of the owner's for
 * each; after Spark's BytesToBytesMap. A text is hashed while it is copied, and found again by comparing words, without
 * a string of its own: one process counts words in less time than a loop with a Map (the bench `word-count`), and
 * nothing here is the garbage collector's to move.
 *
 * A record is where a key is, counted in units of eight bytes.
 */
export class KeyIndex {
  /** How many keys there are. */
  size = 0;
  readonly #seed: number;
  #memory: RecordMemory;
  /** Where the next record goes. None is at 0, so that 0 is no record. */
  #end = 1;
  /** Open addressing with linear probing, at most half full: a record is at the place of its hash, or behind; 0 is none. */
  #places: Int32Array;
  /** The first record that can be found, and how many are before it. */
  #first = { record: 1, count: 0 };
  /** Composite keys by record. */
  readonly #objects = new Map<number, unknown>();
  #objectBytes = 0;
  // What was looked for last and is not there: it lies packed behind the last record, and this is the rest.
  #shape = 0;
  #hash = 0;
  #place = 0;

  /**
   * @param seed Another one gives independent hashes.
   * @param memory Fresh for an index that lasts: what others have had is for those that follow each other.
   */
  constructor(seed: number, memory: IndexMemory = takeMemory()) {
    this.#seed = seed;
    ({ records: this.#memory, places: this.#places } = memory);
  }

  /** Estimated bytes of all keys and numbers. */
  get bytes(): number {
    return 8 * this.#end + PLACE_BYTES * this.size + this.#objectBytes;
  }

  /** Drops all keys. */
  clear(): void {
    this.release();
    ({ records: this.#memory, places: this.#places } = takeMemory());
  }

  /** Drops all keys, and lets another index have the memory. May be called again. */
  release(): void {
    vacate(this.#places, this.#recordsFrom(this.#first), this.#memory.words);
    giveMemory({ records: this.#memory, places: this.#places });
    ({ records: this.#memory, places: this.#places } = freshMemory());
    this.#objects.clear();
    [this.size, this.#end, this.#objectBytes] = [0, 1, 0];
    this.#first = { record: 1, count: 0 };
  }

  /** Finds none of its records from now on, which stay as they are: keys that are like theirs are new. */
  forget(): void {
    vacate(this.#places, this.#recordsFrom(this.#first), this.#memory.words);
    this.#first = { record: this.#end, count: this.size };
  }

  /**
   * The record of a key, made now if the key is new (then `size` has grown, and its number is 0).
   *
   * @throws BadKey for what cannot be a key.
   */
  record(key: unknown): number {
    const found = this.known(key);
    return found === 0 ? this.#append(key) : found;
  }

  /** The record of a key that another index has packed, at word `at` of `words`; `object` is that key if it is composite. */
  recordOf(words: Int32Array, at: number, object: unknown): number {
    const found = this.#findPacked(words, at);
    return found === 0 ? this.#append(object) : found;
  }

  /** The record of a key of another index, or 0 if it has none here. */
  find(other: KeyIndex, record: number): number {
    return this.#findPacked(other.#memory.words, 2 * record);
  }

  /** The key of a record. An object is the index's own. */
  key(record: number): unknown {
    return this.object(record) ?? unpackKey(this.#memory, record);
  }

  /** The key of a record if it is an object. */
  object(record: number): unknown {
    return this.#objects.size === 0 ? undefined : this.#objects.get(record);
  }

  /** An unsigned 32-bit hash of the key of a record: the same in every process for the same seed. */
  hash(record: number): number {
    return this.#memory.words[2 * record]! >>> 0;
  }

  /** The number that the owner keeps with a key. */
  number(record: number): number {
    return this.#memory.floats[record + 1]!;
  }

  setNumber(record: number, value: number): void {
    this.#memory.floats[record + 1] = value;
  }

  /** All records, in order. */
  records(): Uint32Array {
    return this.#recordsFrom({ record: 1, count: 0 });
  }

  #recordsFrom({ record: first, count }: { readonly record: number; readonly count: number }): Uint32Array {
    const records = new Uint32Array(this.size - count);
    const words = this.#memory.words;
    let record = first;
    for (let i = 0; i < records.length; i += 1) {
      records[i] = record;
      record += recordWords(words, 2 * record) >>> 1;
    }
    return records;
  }

  /** How many words a record takes. */
  wordsOf(record: number): number {
    return recordWords(this.#memory.words, 2 * record);
  }

  /** Copies a record, with its number, to word `to` of `words`. */
  copy(record: number, words: Int32Array, to: number): void {
    const own = this.#memory.words;
    const length = recordWords(own, 2 * record);
    for (let i = 0; i < length; i += 1) words[to + i] = own[2 * record + i]!;
  }

  /**
   * The record of a key, or 0 if it has none: it is packed behind the last record, and its like is looked for.
   *
   * @throws BadKey for what cannot be a key.
   */
  known(key: unknown): number {
    switch (typeof key) {
      case 'string':
        return this.#findText(key, Kind.LATIN);
      case 'number':
        return this.#findNumber(key);
      case 'bigint':
        return this.#findText(key.toString(16), Kind.BIGINT);
      case 'boolean':
      case 'undefined':
        return this.#findConstant(key);
      default:
        return key === null ? this.#findConstant(key) : this.#findText(canonicalKey(key), Kind.COMPOSITE);
    }
  }

  #findText(text: string, kind: number): number {
    const { length } = text;
    const words = this.#reserve(length >>> 2);
    const whole = length & ~3;
    let end = 2 * (this.#end + HEADER);
    let hash = this.#seed;
    let i = 0;
    for (; i < whole; i += 4) {
      const a = text.charCodeAt(i);
      const b = text.charCodeAt(i + 1);
      const c = text.charCodeAt(i + 2);
      const d = text.charCodeAt(i + 3);
      if ((a | b | c | d) > 0xff) return this.#findWide(text, kind + 1);
      const word = a | (b << 8) | (c << 16) | (d << 24);
      words[end++] = word;
      hash = mix(hash, word);
    }
    if (i < length) {
      let word = 0;
      for (let shift = 0; i < length; i += 1, shift += 8) {
        const code = text.charCodeAt(i);
        if (code > 0xff) return this.#findWide(text, kind + 1);
        word |= code << shift;
      }
      words[end++] = word;
      hash = mix(hash, word);
    }
    return this.#look(shapeOf(kind, length), hash, end);
  }

  #findWide(text: string, kind: number): number {
    const { length } = text;
    const words = this.#reserve(length >>> 1);
    let end = 2 * (this.#end + HEADER);
    let hash = this.#seed;
    const whole = length & ~1;
    for (let i = 0; i < whole; i += 2) {
      const word = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
      words[end++] = word;
      hash = mix(hash, word);
    }
    if (whole < length) {
      words[end++] = text.charCodeAt(whole);
      hash = mix(hash, text.charCodeAt(whole));
    }
    return this.#look(shapeOf(kind, length), hash, end);
  }

  #findNumber(key: number): number {
    const words = this.#reserve(2);
    const at = this.#end + HEADER;
    // Equal as in a Map: -0 and 0 are one, and so are all NaN.
    const integer = key | 0;
    if (integer === key) {
      words[2 * at] = integer;
      return this.#look(shapeOf(Kind.INTEGER, 0), mix(this.#seed, integer), 2 * at + 1);
    }
    this.#memory.floats[at] = key === key ? key : NaN;
    const hash = mix(mix(this.#seed, words[2 * at]!), words[2 * at + 1]!);
    return this.#look(shapeOf(Kind.NUMBER, 0), hash, 2 * at + 2);
  }

  #findConstant(key: unknown): number {
    this.#reserve(0);
    return this.#look(shapeOf(Kind.CONSTANT, CONSTANTS.indexOf(key)), this.#seed, 2 * (this.#end + HEADER));
  }

  #findPacked(from: Int32Array, at: number): number {
    const shape = from[at + 1]!;
    const length = wordsOf(shape);
    const words = this.#reserve(length);
    let end = 2 * (this.#end + HEADER);
    let hash = this.#seed;
    for (let i = 0; i < length; i += 1) {
      const word = from[at + 2 * HEADER + i]!;
      words[end++] = word;
      hash = mix(hash, word);
    }
    return this.#look(shape, hash, end);
  }

  /** Looks for a record with the words that are packed up to `end`. */
  #look(shape: number, mixed: number, end: number): number {
    const hash = finish(mixed, shape);
    const words = this.#memory.words;
    const places = this.#places;
    const mask = places.length - 1;
    const tag = hash >>> TAG_SHIFT;
    const start = 2 * (this.#end + HEADER);
    let place = hash & mask;
    for (let entry = places[place]!; entry !== 0; entry = places[place]!) {
      if ((entry & TAG_MASK) === tag) {
        const record = entry >>> TAG_BITS;
        const at = 2 * record;
        if (words[at] === hash && words[at + 1] === shape) {
          let i = start;
          for (let other = at + 2 * HEADER; i < end && words[i] === words[other]; other += 1) i += 1;
          if (i === end) return record;
        }
      }
      place = (place + 1) & mask;
    }
    this.#shape = shape;
    this.#hash = hash;
    this.#place = place;
    return 0;
  }

  /** Makes a record of what `#look` has not found. */
  #append(key: unknown): number {
    const record = this.#end;
    const kind = kindOf(this.#shape);
    if (kind === Kind.COMPOSITE || kind === Kind.WIDE_COMPOSITE) {
      this.#objects.set(record, copyKey(key));
      this.#objectBytes += 40 + sizeOf(key);
    }
    const words = this.#memory.words;
    const length = wordsOf(this.#shape);
    words[2 * record] = this.#hash;
    words[2 * record + 1] = this.#shape;
    this.#memory.floats[record + 1] = 0;
    if ((length & 1) === 1) words[2 * (record + HEADER) + length] = 0;
    this.#end = record + HEADER + ((length + 1) >>> 1);
    this.size += 1;
    const count = this.size - this.#first.count;
    if (2 * count <= this.#places.length) this.#places[this.#place] = placeOf(record, this.#hash);
    else this.#places = placesFor(2 * this.#places.length, this.#recordsFrom(this.#first), words);
    return record;
  }

  /** Makes room for one more record with so many words and two, and gives the words. */
  #reserve(length: number): Int32Array {
    const needed = 2 * (this.#end + HEADER) + length + 2;
    if (needed > this.#memory.words.length) {
      if (needed > MOST_WORDS)
        throw new RangeError('the keys that must be in memory together take more than 2 GiB');
      const memory = recordMemory(Math.max(2 * this.#memory.words.length, 2 * Math.ceil(needed / 2)));
      memory.words.set(this.#memory.words);
      this.#memory = memory;
    }
    return this.#memory.words;
  }
}
