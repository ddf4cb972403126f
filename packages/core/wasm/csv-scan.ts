/**
 * Takes rows of CSV apart into columns, sixteen bytes at a time: AssemblyScript, compiled to WebAssembly by
 * `scripts/compile-kernel.mjs`. What is rare it leaves to `Scanner`: it says where such a field begins, or stops at such a row.
 *
 * Its memory does not grow, so that views of it stay what they are. From its beginning on: constants, steps, tables, new texts, where
 * rows start, columns, the window that holds lines, and the places of tables.
 */

const LF: u32 = 10;
const CR: u32 = 13;
const MINUS: u32 = 45;
const ZERO: u32 = 48;
/** A byte in each byte of a word. */
const ONES: u64 = 0x0101010101010101;
const HIGHS: u64 = 0x8080808080808080;
const ZEROS: u64 = 0x3030303030303030;

/** What is done with a field. */
export const TEXT: u32 = 0;
export const NUMBER: u32 = 1;
export const LAST_TEXT: u32 = 2;
export const LAST_NUMBER: u32 = 3;
export const SLICE: u32 = 4;
export const PLACE: u32 = 5;

/** So many rows are taken at once. */
export const MOST_ROWS: u32 = 1024;
export const MOST_COLUMNS: u32 = 32;
/** Fields to read, and those to skip between them. */
const MOST_STEPS: u32 = 2 * MOST_COLUMNS + 1;
/** What is done, with which column, and with which table or so many fields. */
const STEP_BYTES: u32 = 12;
export const STEPS: u32 = 4096;
/** Where the places of a column's table are, how many bits number them, how many texts it holds, and the column. */
export const TABLE_BYTES: u32 = 16;
export const TABLES: u32 = STEPS + MOST_STEPS * STEP_BYTES;
/** A text that is new: its column, where it begins, and how long it is. */
const NEW_BYTES: u32 = 12;
export const MOST_NEW: u32 = 1024;
export const NEWS: u32 = 8192;
export const STARTS: u32 = NEWS + MOST_NEW * NEW_BYTES;
/** For each column: values, where fields begin that are left to others, and the lengths of slices. */
export const COLUMNS: u32 = STARTS + 4 * MOST_ROWS;
export const COLUMN_BYTES: u32 = 16 * MOST_ROWS;
export const PLACES: u32 = 8 * MOST_ROWS;
export const LENGTHS: u32 = 12 * MOST_ROWS;
export const WINDOW: u32 = COLUMNS + MOST_COLUMNS * COLUMN_BYTES;
export const WINDOW_BYTES: u32 = 512 * 1024;
const HEAP: u32 = WINDOW + WINDOW_BYTES;
const HEAP_END: u32 = 176 * 65536;

/** A longer text is no text of a table. */
const MOST_TEXT: u32 = 31;
export const MOST_TEXTS: u32 = 4096;
/** A place of a table: two vectors with the text, zeros and in the last byte its length; its number. A free one has a number of 0. */
const PLACE_BYTES: u32 = 64;
const ID: usize = 32;
const LEAST_BITS: u32 = 9;

const POWERS: u32 = <u32>memory.data<f64>([1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]); // prettier-ignore
/** So many digits are exact in a double, whatever they are. */
const EXACT_DIGITS: u32 = 15;
/** From byte 32 - n on: n bytes of ones, and zeros. */
const MASKS: u32 = <u32>memory.data(96, 16);

let delimiter: u32 = 0;
let quote: u32 = 0;
let point: u32 = 0;
let comment: u32 = 0;
/** Whether a text in quotes is another one than without them. */
let quotesTell: bool = false;
let stepsEnd: u32 = 0;
let heap: u32 = HEAP;
/** Where the row begins that was not taken. */
let next: u32 = 0;
let newsEnd: u32 = NEWS;
/** Whether there was no room for a new text, so that a row has to be taken again. */
let isPaused: bool = false;

/** Begins with other files: a byte that is none is 256 or more. */
export function configure(aDelimiter: u32, aQuote: u32, aPoint: u32, aComment: u32, doQuotesTell: bool): void {
  delimiter = aDelimiter;
  quote = aQuote;
  point = aPoint;
  comment = aComment;
  quotesTell = doQuotesTell;
  heap = HEAP;
  memory.fill(MASKS, 0xff, 32);
  memory.fill(MASKS + 32, 0, 64);
}

/** Says how many steps there are for each row. */
export function plan(steps: u32): void {
  stepsEnd = STEPS + steps * STEP_BYTES;
}

/** Where the row begins that was not taken. */
export function at(): u32 {
  return next;
}

/** How many texts are new; they have the numbers that come next, from 1 on, each in its column. */
export function news(): u32 {
  return (newsEnd - NEWS) / NEW_BYTES;
}

/** Whether the row that was not taken is one for which there was no room. */
export function paused(): bool {
  return isPaused;
}

// ---- texts

/** Gives a column an empty table. Gives whether there was room. */
export function begin(column: u32): bool {
  const table = TABLES + column * TABLE_BYTES;
  store<u32>(table, 0, 8);
  store<u32>(table, column, 12);
  return open(table, LEAST_BITS);
}

function open(table: u32, bits: u32): bool {
  const bytes = PLACE_BYTES << bits;
  if (heap + bytes > HEAP_END) return false;
  memory.fill(heap, 0, bytes);
  store<u32>(table, heap);
  store<u32>(table, bits, 4);
  heap += bytes;
  return true;
}

// prettier-ignore
@inline
function hashOf(low: v128, high: v128, bits: u32): u32 {
  const both = v128.xor(low, i64x2.add(high, high));
  const word = i64x2.extract_lane(both, 0) + rotl<i64>(i64x2.extract_lane(both, 1), 29);
  return <u32>((<u64>word * 0xd6e8feb86659fd93) >> (64 - bits));
}

/** The first sixteen bytes of a text, and zeros. */
// prettier-ignore
@inline
function lowOf(bytes: v128, length: u32): v128 {
  return v128.and(bytes, v128.load(MASKS + 32 - length));
}

/** What follows on them, zeros, and the length. */
// prettier-ignore
@inline
function highOf(bytes: v128, length: u32): v128 {
  return i8x16.replace_lane(v128.and(bytes, v128.load(MASKS + 48 - length)), 15, <i8>length);
}

/** The place of a text, or the free one that it would have. */
// prettier-ignore
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
  if (newsEnd == NEWS + MOST_NEW * NEW_BYTES) {
    isPaused = true;
    return 0;
  }
  const low = lowOf(v128.load(from), length);
  const high = highOf(v128.load(from, 16), length);
  let place = free;
  // Few texts lie behind others of the same place then; a guess that fails costs as much as all else.
  if (count * 4 >= places) {
    if (grow(table, bits)) place = placeOf(table, low, high);
    else if (count * 2 >= places) return 0;
  }
  v128.store(place, low);
  v128.store(place, high, 16);
  store<u32>(place, count + 1, ID);
  store<u32>(table, count + 1, 8);
  store<u32>(newsEnd, load<u32>(table, 12));
  store<u32>(newsEnd, from, 4);
  store<u32>(newsEnd, length, 8);
  newsEnd += NEW_BYTES;
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

// ---- fields

/** The bytes among sixteen that are one or the other. */
// prettier-ignore
@inline
function eitherIn(bytes: v128, one: v128, other: v128): u32 {
  return <u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, one), i8x16.eq(bytes, other)));
}

/** Where the delimiter or the LF is that ends a field without quotes. */
function endOf(from: u32): u32 {
  const delimiters = i8x16.splat(<i8>delimiter);
  const lfs = i8x16.splat(<i8>LF);
  let i = from;
  while (true) {
    const found = eitherIn(v128.load(i), delimiters, lfs);
    if (found != 0) return i + <u32>ctz(found);
    i += 16;
  }
}

/** The same for one with quotes; 0 where it does not end in its line, or goes on behind its quotes. */
function quotedEnd(from: u32): u32 {
  const quotes = i8x16.splat(<i8>quote);
  const lfs = i8x16.splat(<i8>LF);
  let i = from + 1;
  while (true) {
    const found = eitherIn(v128.load(i), quotes, lfs);
    if (found == 0) {
      i += 16;
      continue;
    }
    i += <u32>ctz(found);
    if (load<u8>(i) == LF) return 0;
    if (load<u8>(i, 1) != quote) break;
    i += 2;
  }
  i += 1;
  if (load<u8>(i) == CR && load<u8>(i, 1) == LF) i += 1;
  const end: u32 = load<u8>(i);
  return end == delimiter || end == LF ? i : 0;
}

/** Where the last of some fields ends. */
// prettier-ignore
@inline
function endOfMany(from: u32, count: u32): u32 {
  let i = from;
  let left = count;
  while (true) {
    const end = load<u8>(i) == quote ? quotedEnd(i) : endOf(i);
    left -= 1;
    if (end == 0 || left == 0) return end;
    if (load<u8>(end) == LF) return 0;
    i = end + 1;
  }
}

/** The byte behind a field that ends with its row, at `end`: the CR of a CRLF is no part of it. */
// prettier-ignore
@inline
function cut(from: u32, end: u32): u32 {
  return end - <u32>(end > from && load<u8>(end - 1) == CR);
}

/** A decimal of any length, digit by digit; NaN for what is none, or is not exact. */
function slowDecimal(from: u32, end: u32): f64 {
  let value: f64 = 0;
  let scale: u32 = 0;
  for (let i = from; i < end; i++) {
    const byte: u32 = load<u8>(i);
    const digit = byte - ZERO;
    if (digit <= 9) value = value * 10 + digit;
    else if (byte == point && scale == 0) scale = i + 1;
    else return NaN;
  }
  const digits = end - from - (scale == 0 ? 0 : 1);
  if (digits == 0 || digits > EXACT_DIGITS) return NaN;
  return scale == 0 ? value : value / load<f64>(POWERS + 8 * (end - scale));
}

// ---- steps: each takes a field of a row that begins at a byte, and gives where it ends, or 0 where that is not as it should be

/** A text of its table is its number; of any other one it is said where it begins, and its number is 0. */
// prettier-ignore
@inline
function takeText(i: u32, row: u32, step: u32, isLast: bool): u32 {
  const column = load<u32>(step, 4);
  const a = v128.load(i);
  const b = v128.load(i, 16);
  const delimiters = i8x16.splat(<i8>delimiter);
  const lfs = i8x16.splat(<i8>LF);
  const found = eitherIn(a, delimiters, lfs) | (eitherIn(b, delimiters, lfs) << 16);
  if (load<u8>(i) == quote) return takeQuoted(i, row, step);
  if (found == 0) return leaveText(i, row, column, endOf(i + 32));
  const end = i + <u32>ctz(found);
  const length = (isLast ? cut(i, end) : end) - i;
  const place = placeOf(load<u32>(step, 8), lowOf(a, length), highOf(b, length));
  let id = load<u32>(place, ID);
  if (id == 0) {
    id = add(load<u32>(step, 8), place, i, length);
    if (id == 0) return leaveText(i, row, column, end);
  }
  store<u16>(column + 2 * row, <u16>id);
  return end;
}

/** The same for one in quotes, where it means what it would without them. */
function takeQuoted(i: u32, row: u32, step: u32): u32 {
  const column = load<u32>(step, 4);
  const end = quotedEnd(i);
  if (end == 0) return 0;
  const from = i + 1;
  // Behind its quotes there may be a CR.
  const length = end - 1 - from - <u32>(load<u8>(end - 1) != quote);
  if (quotesTell || length > MOST_TEXT) return leaveText(i, row, column, end);
  const a = v128.load(from);
  const b = v128.load(from, 16);
  const quotes = i8x16.splat(<i8>quote);
  if (<u32>ctz(eitherIn(a, quotes, quotes) | (eitherIn(b, quotes, quotes) << 16)) < length) {
    return leaveText(i, row, column, end);
  }
  const place = placeOf(load<u32>(step, 8), lowOf(a, length), highOf(b, length));
  let id = load<u32>(place, ID);
  if (id == 0) {
    id = add(load<u32>(step, 8), place, from, length);
    if (id == 0) return leaveText(i, row, column, end);
  }
  store<u16>(column + 2 * row, <u16>id);
  return end;
}

function leaveText(i: u32, row: u32, column: u32, end: u32): u32 {
  if (isPaused) return 0;
  store<u16>(column + 2 * row, 0);
  store<u32>(column + 4 * row, i, PLACES);
  return end;
}

/**
 * A plain decimal is its value; of anything else it is said where it begins, and its value is no number.
 *
 * Up to seven bytes are moved to the end of a word, the point is taken out from among them, and eight digits become a number by
 * three products: see Daniel Lemire, https://lemire.me/blog/2022/01/21/swar-explained-parsing-eight-digits/
 */
// prettier-ignore
@inline
function takeNumber(i: u32, row: u32, step: u32, isLast: bool): u32 {
  const column = load<u32>(step, 4);
  const minus: u32 = load<u8>(i) == MINUS ? 1 : 0;
  const bytes = load<u64>(i + minus);
  const unlikeEnd = bytes ^ (<u64>(isLast ? LF : delimiter) * ONES);
  const ends = (unlikeEnd - ONES) & ~unlikeEnd & HIGHS;
  if (ends == 0) return takeOtherNumber(i, row, column, isLast);
  const bits = <u64>ctz(ends) & 56;
  const word = ((bytes << 8) << (56 - bits)) | (ZEROS >> bits);
  const unlikePoint = word ^ (<u64>point * ONES);
  const points = (unlikePoint - ONES) & ~unlikePoint & HIGHS;
  const where = ctz(points) & 56;
  const below = (<u64>1 << where) - 1;
  const joined = (word & (~(<u64>0xff) << where)) | ((word & below) << 8) | ZERO;
  const digits = (points != 0 ? joined : word) - ZEROS;
  // Bytes below '0' borrow, and those above '9' carry, into their highest bits; and there must be a digit.
  const faults = (digits | (digits + 0x7676767676767676)) & HIGHS;
  if ((<u32>(faults != 0) | <u32>(bits == 8 * <u64>(points != 0))) != 0) return takeOtherNumber(i, row, column, isLast);
  const pairs = digits * 10 + (digits >> 8);
  const value: u64 = ((pairs & 0x000000ff000000ff) * 0x000f424000000064 + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32; // prettier-ignore
  const fraction: u32 = points != 0 ? 56 - <u32>where : 0;
  const number = <f64>(<u32>value) / load<f64>(POWERS + fraction);
  store<f64>(column + 8 * row, minus ? -number : number);
  return i + minus + <u32>(bits >>> 3);
}

/** The same for one that is longer, or ends in a CR, or is none. */
function takeOtherNumber(i: u32, row: u32, column: u32, isLast: bool): u32 {
  const minus: u32 = load<u8>(i) == MINUS ? 1 : 0;
  const digits = i + minus;
  const end = endOf(digits);
  const value = slowDecimal(digits, isLast ? cut(digits, end) : end);
  if (value != value) return leaveNumber(i, row, column);
  store<f64>(column + 8 * row, minus ? -value : value);
  return end;
}

function leaveNumber(i: u32, row: u32, column: u32): u32 {
  store<f64>(column + 8 * row, NaN);
  store<u32>(column + 4 * row, i, PLACES);
  return load<u8>(i) == quote ? quotedEnd(i) : endOf(i);
}

/** Says where a field begins, and how long it is; that is -1 for one in quotes. */
function takeSlice(i: u32, row: u32, step: u32): u32 {
  const column = load<u32>(step, 4);
  const isQuoted = load<u8>(i) == quote;
  const end = isQuoted ? quotedEnd(i) : endOf(i);
  store<u32>(column + 4 * row, i, PLACES);
  store<u32>(column + 4 * row, isQuoted ? <u32>-1 : (load<u8>(end) == LF ? cut(i, end) : end) - i, LENGTHS);
  return end;
}

/** Passes over some fields, and says where the first one begins if a column is to know. */
function takePlace(i: u32, row: u32, step: u32): u32 {
  const column = load<u32>(step, 4);
  if (column != 0) store<u32>(column + 4 * row, i, PLACES);
  return endOfMany(i, load<u32>(step, 8));
}

/** Where a row ends that begins at a byte: behind its LF; 0 for one that is not as it should be. */
// prettier-ignore
@inline
function takeRow(start: u32, row: u32, stop: u32): u32 {
  let i = start;
  let step = STEPS;
  while (true) {
    let end: u32;
    switch (load<u32>(step)) {
      case TEXT: {
        end = takeText(i, row, step, false);
        break;
      }
      case NUMBER: {
        end = takeNumber(i, row, step, false);
        break;
      }
      case LAST_TEXT: {
        end = takeText(i, row, step, true);
        break;
      }
      case LAST_NUMBER: {
        end = takeNumber(i, row, step, true);
        break;
      }
      case SLICE: {
        end = takeSlice(i, row, step);
        break;
      }
      default: {
        end = takePlace(i, row, step);
      }
    }
    step += STEP_BYTES;
    if (end == 0) return 0;
    i = end + 1;
    if (step == stop) return load<u8>(end) == LF ? i : 0;
    if (load<u8>(end) != delimiter) return 0;
  }
}

/**
 * Takes rows from byte `from` of the memory on, before `end`, which is behind a LF, and `most` of them, which are no more than
 * MOST_ROWS. Gives how many: they end before a row that is blank, a comment, or not as it should be. `at` says where.
 */
export function rows(from: u32, end: u32, most: u32): u32 {
  const stop = stepsEnd;
  newsEnd = NEWS;
  isPaused = false;
  let i = from;
  let row: u32 = 0;
  while (i < end && row < most) {
    const first: u32 = load<u8>(i);
    if (first == LF || first == CR || first == comment) break;
    const behind = takeRow(i, row, stop);
    if (behind == 0) break;
    store<u32>(STARTS + 4 * row, i - WINDOW);
    i = behind;
    row += 1;
  }
  next = i;
  return row;
}
