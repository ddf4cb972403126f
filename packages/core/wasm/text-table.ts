/** Texts of columns that repeat them, by their bytes: open addressing with linear probing. */
import { HEAP, MOST_NEW, NEW_BYTES, NEW_TEXTS, TABLE_BYTES, TABLES } from './layout';

/** A longer text is no text of a table. */
export const MOST_TEXT: u32 = 31;
export const MOST_TEXTS: u32 = 4096;
/** A place of a table: two vectors with the text, zeros and in the last byte its length; its number. A free one has a number of 0. */
const PLACE_BYTES: u32 = 64;
const ID: usize = 32;
const LEAST_BITS: u32 = 9;
/** From byte 32 - n on: n bytes of ones, and zeros. */
const MASKS: u32 = <u32>memory.data(64, 16);

let heap: u32 = HEAP;
let newEnd: u32 = NEW_TEXTS;
/** Whether there was no room for one more new text. */
let lacksRoom: bool = false;

/** Forgets all texts. */
export function clearTables(): void {
  heap = HEAP;
  memory.fill(MASKS, 0xff, 32);
  memory.fill(MASKS + 32, 0, 32);
}

/** Gives a column an empty table. */
export function openTable(column: u32): void {
  const table = TABLES + column * TABLE_BYTES;
  store<u32>(table, 0, 8);
  store<u32>(table, column, 12);
  open(table, LEAST_BITS);
}

/** Texts that are met from now on are new. */
export function beginNewTexts(): void {
  newEnd = NEW_TEXTS;
  lacksRoom = false;
}

/** How many texts are new; they have the numbers that come next, from 1 on, each in its column. */
export function newTexts(): u32 {
  return (newEnd - NEW_TEXTS) / NEW_BYTES;
}

/** Whether there was no room for one more new text, so that a row has to be taken again. */
export function isPaused(): bool {
  return lacksRoom;
}

/** The number of the text that begins with these bytes, in a table; 0 where it is new and there is no room for it. */
@inline
export function numberOf(table: u32, a: v128, b: v128, from: u32, length: u32): u32 {
  const place = placeOf(table, lowOf(a, length), highOf(b, length));
  const number = load<u32>(place, ID);
  return number != 0 ? number : add(table, place, from, length);
}

/** Takes new memory for the places of a table. Gives whether there was enough. */
function open(table: u32, bits: u32): bool {
  const bytes = PLACE_BYTES << bits;
  if (heap + bytes > (<u32>memory.size() << 16)) return false;
  memory.fill(heap, 0, bytes);
  store<u32>(table, heap);
  store<u32>(table, bits, 4);
  heap += bytes;
  return true;
}

@inline
function hashOf(low: v128, high: v128, bits: u32): u32 {
  const both = v128.xor(low, i64x2.add(high, high));
  const word = i64x2.extract_lane(both, 0) + rotl<i64>(i64x2.extract_lane(both, 1), 29);
  return <u32>((<u64>word * 0xd6e8feb86659fd93) >> (64 - bits));
}

/** The first sixteen bytes of a text, and zeros. */
@inline
function lowOf(bytes: v128, length: u32): v128 {
  return v128.and(bytes, v128.load(MASKS + 32 - length));
}

/** What follows on them, zeros, and the length. */
@inline
function highOf(bytes: v128, length: u32): v128 {
  return i8x16.replace_lane(v128.and(bytes, v128.load(MASKS + 48 - length)), 15, <i8>length);
}

/** The place of a text, or the free one that it would have. */
@inline
function placeOf(table: u32, low: v128, high: v128): u32 {
  const places = load<u32>(table);
  const bits = load<u32>(table, 4);
  let i = hashOf(low, high, bits);
  while (true) {
    const place = places + i * PLACE_BYTES;
    const unlike = v128.or(v128.xor(low, v128.load(place)), v128.xor(high, v128.load(place, 16)));
    if (!v128.any_true(unlike) || load<u32>(place, ID) == 0) return place;
    i = (i + 1) & ((<u32>1 << bits) - 1);
  }
}

/** Adds a text to a table, at its free place, and gives its number; 0 where there is no room. */
function add(table: u32, free: u32, from: u32, length: u32): u32 {
  const count: u32 = load<u32>(table, 8);
  const bits = load<u32>(table, 4);
  const places: u32 = (<u32>1) << bits;
  if (count == MOST_TEXTS) return 0;
  if (newEnd == NEW_TEXTS + MOST_NEW * NEW_BYTES) {
    lacksRoom = true;
    return 0;
  }
  const low = lowOf(v128.load(from), length);
  const high = highOf(v128.load(from, 16), length);
  let place = free;
  // A sparse table has most texts at their first place: a branch that the processor guesses wrong costs as much as all else.
  if (count * 4 >= places) {
    if (grow(table, bits)) place = placeOf(table, low, high);
    else if (count * 2 >= places) return 0;
  }
  v128.store(place, low);
  v128.store(place, high, 16);
  store<u32>(place, count + 1, ID);
  store<u32>(table, count + 1, 8);
  store<u32>(newEnd, load<u32>(table, 12));
  store<u32>(newEnd, from, 4);
  store<u32>(newEnd, length, 8);
  newEnd += NEW_BYTES;
  return count + 1;
}

function grow(table: u32, bits: u32): bool {
  const before = load<u32>(table);
  if (!open(table, bits + 1)) return false;
  for (let place = before; place < before + (PLACE_BYTES << bits); place += PLACE_BYTES) {
    if (load<u32>(place, ID) == 0) continue;
    const other = placeOf(table, v128.load(place), v128.load(place, 16));
    memory.copy(other, place, PLACE_BYTES);
  }
  return true;
}

