import { types } from 'node:util';
import { isSubclassed, MAX_KEY_DEPTH } from './key.js';
import { sortKey } from './sort-key.js';

// The first byte of a key. In the order of the types; an array ends with a byte below all of them.
const END = 0;
const BOOLEAN = 1;
const NUMBER = 2;
const BIGINT = 3;
const STRING = 4;
const DATE = 5;
const ARRAY = 6;
const NULL = 7;
const UNDEFINED = 8;

/** Code units up to here take one byte, larger ones this byte and two more. */
const LAST_NARROW = 0xfc;
const WIDE = 0xfe;

/**
 * Writes sort keys as bytes that compare, byte by byte, as `compareKeys` compares the keys. So a sort of any keys is one
 * of short strings. No key's bytes are the beginning of another's.
 */
export class KeyBytes {
  /** The bytes written are the first `length`. */
  bytes = new Uint8Array(64);
  length = 0;
  #view = new DataView(this.bytes.buffer);

  /** Appends a key. Returns false for one that has no order; what was written of it is dropped. */
  add(key: unknown): boolean {
    const { length } = this;
    if (this.#part(key, 0)) return true;
    this.length = length;
    return false;
  }

  /** Writes a key in place of what was there. @throws BadKey for one that has no order, naming its path. */
  write(key: unknown): void {
    this.length = 0;
    // What has an order after all is an array that gives other elements at a second look: its copy does not.
    if (!this.add(key)) this.add(sortKey(key));
  }

  #part(key: unknown, depth: number): boolean {
    switch (typeof key) {
      case 'number':
        this.#number(NUMBER, key);
        return true;
      case 'string':
        this.#string(key);
        return true;
      case 'boolean':
        this.#put(BOOLEAN);
        this.#put(Number(key));
        return true;
      case 'bigint':
        this.#bigint(key);
        return true;
      case 'undefined':
        this.#put(UNDEFINED);
        return true;
      case 'object':
        if (key !== null) return this.#object(key, depth);
        this.#put(NULL);
        return true;
      default:
        return false;
    }
  }

  #object(key: object, depth: number): boolean {
    if (isSubclassed(key)) return false;
    if (types.isDate(key)) {
      this.#number(DATE, key.getTime());
      return true;
    }
    if (!Array.isArray(key) || depth === MAX_KEY_DEPTH) return false;
    this.#put(ARRAY);
    for (let i = 0; i < key.length; i++) if (!this.#part(key[i], depth + 1)) return false;
    this.#put(END);
    return true;
  }

  // A double's bits are in the order of the positive numbers; those of negative ones are turned round.
  #number(tag: number, value: number): void {
    this.#put(tag);
    this.#reserve(8);
    const at = this.length;
    this.length += 8;
    // Zeros are equal, and NaN, which has many forms, is behind all numbers.
    if (value === value) this.#view.setFloat64(at, value === 0 ? 0 : value);
    else this.#view.setBigUint64(at, 0x7ff8_0000_0000_0000n);
    if (this.bytes[at]! < 0x80) this.bytes[at]! ^= 0x80;
    else for (let i = at; i < at + 8; i++) this.bytes[i]! ^= 0xff;
  }

  // The more digits, the further from zero.
  #bigint(value: bigint): void {
    const isNegative = value < 0n;
    const digits = (isNegative ? -value : value).toString(16);
    const flip = isNegative ? 0xff : 0;
    const length = Math.ceil(digits.length / 2);
    this.#put(BIGINT);
    this.#put(isNegative ? 0 : 1);
    for (let shift = 24; shift >= 0; shift -= 8) this.#put(((length >>> shift) & 0xff) ^ flip);
    const magnitude = Buffer.from(digits.padStart(2 * length, '0'), 'hex');
    for (const byte of magnitude) this.#put(byte ^ flip);
  }

  #string(text: string): void {
    this.#reserve(3 * text.length + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = STRING;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit <= LAST_NARROW) bytes[at++] = unit + 1;
      else {
        bytes[at++] = WIDE;
        bytes[at++] = unit >>> 8;
        bytes[at++] = unit;
      }
    }
    bytes[at++] = END;
    this.length = at;
  }

  #put(byte: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = byte;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(this.length + more, 2 * this.bytes.length));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** The key that `KeyBytes` has written as `bytes`, or one that is equal to it. */
export function keyOfBytes(bytes: Uint8Array): unknown {
  return readPart(bytes, { at: 0 });
}

function readPart(bytes: Uint8Array, position: { at: number }): unknown {
  const tag = bytes[position.at++];
  switch (tag) {
    case BOOLEAN:
      return bytes[position.at++] === 1;
    case NUMBER:
      return readNumber(bytes, position);
    case BIGINT:
      return readBigint(bytes, position);
    case STRING:
      return readString(bytes, position);
    case DATE:
      return new Date(readNumber(bytes, position));
    case ARRAY: {
      const elements: unknown[] = [];
      while (bytes[position.at] !== END) elements.push(readPart(bytes, position));
      position.at += 1;
      return elements;
    }
    case NULL:
      return null;
    case UNDEFINED:
      return undefined;
    default:
      throw new Error(`no key begins with ${tag}`);
  }
}

function readNumber(bytes: Uint8Array, position: { at: number }): number {
  const written = bytes.slice(position.at, position.at + 8);
  position.at += 8;
  if (written[0]! >= 0x80) written[0]! ^= 0x80;
  else for (let i = 0; i < 8; i++) written[i]! ^= 0xff;
  return new DataView(written.buffer).getFloat64(0);
}

function readBigint(bytes: Uint8Array, position: { at: number }): bigint {
  const isNegative = bytes[position.at++] === 0;
  const flip = isNegative ? 0xff : 0;
  let length = 0;
  for (let i = 0; i < 4; i++) length = ((length << 8) | (bytes[position.at++]! ^ flip)) >>> 0;
  const magnitude = Buffer.from(bytes.subarray(position.at, position.at + length)).map((byte) => byte ^ flip);
  position.at += length;
  const value = BigInt(`0x${Buffer.from(magnitude).toString('hex')}`);
  return isNegative ? -value : value;
}

function readString(bytes: Uint8Array, position: { at: number }): string {
  const units: number[] = [];
  for (;;) {
    const byte = bytes[position.at++]!;
    if (byte === END) break;
    if (byte !== WIDE) units.push(byte - 1);
    else units.push((bytes[position.at++]! << 8) | bytes[position.at++]!);
  }
  return Buffer.from(Uint16Array.from(units).buffer).toString('utf16le');
}
