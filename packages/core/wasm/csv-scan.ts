/**
 * Takes rows of CSV apart into columns, sixteen bytes at a time: AssemblyScript, compiled to WebAssembly by
 * `scripts/compile-kernel.mjs`. What is rare it leaves to `Scanner`: it says where such a field begins, or stops at such a row.
 */
import { cut, eitherIn, endOf, endOfMany, POWERS, quotedEnd, slowDecimal } from './fields';
import { LENGTHS, MOST_ROWS, PLACES, STARTS, STEP_BYTES, STEPS, WINDOW } from './layout';
import { comment, CR, delimiter, LF, point, quote, quotesTell, setMarks } from './marks';
import { beginNewTexts, clearTables, isPaused, MOST_TEXT, numberOf } from './text-table';

export { COLUMN_BYTES, COLUMNS, LENGTHS, MOST_COLUMNS, MOST_NEW, MOST_ROWS, NEW_TEXTS, PLACES, STARTS, STEPS, TABLE_BYTES, TABLES, WINDOW, WINDOW_BYTES } from './layout'; // prettier-ignore
export { isPaused, MOST_TEXTS, newTexts, openTable } from './text-table';

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

let stepsEnd: u32 = 0;
/** Where the row begins that was not taken. */
let next: u32 = 0;

/** Begins with other files: see `marks.ts`. */
export function configure(aDelimiter: u32, aQuote: u32, aPoint: u32, aComment: u32, doQuotesTell: bool): void {
  setMarks(aDelimiter, aQuote, aPoint, aComment, doQuotesTell);
  clearTables();
}

/** Says how many steps there are for each row. */
export function plan(steps: u32): void {
  stepsEnd = STEPS + steps * STEP_BYTES;
}

/** Where the row begins that was not taken. */
export function at(): u32 {
  return next;
}

// Each step takes a field of a row that begins at a byte, and gives where it ends, or 0 where that is not as it should be.

/** A text of its table is its number; of any other one it is said where it begins, and its number is 0. */
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
  const id = numberOf(load<u32>(step, 8), a, b, i, length);
  if (id == 0) return leaveText(i, row, column, end);
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
  const id = numberOf(load<u32>(step, 8), a, b, from, length);
  if (id == 0) return leaveText(i, row, column, end);
  store<u16>(column + 2 * row, <u16>id);
  return end;
}

function leaveText(i: u32, row: u32, column: u32, end: u32): u32 {
  if (isPaused()) return 0;
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
  const value: u64 = ((pairs & 0x000000ff000000ff) * 0x000f424000000064 + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32;   const fraction: u32 = points != 0 ? 56 - <u32>where : 0;
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
 * Takes rows from byte `from` of the memory on, before `end`, which is behind a LF, and `most` of them at most. Gives how many:
 * they end before a row that is blank, a comment, or not as it should be, or has a new text for which there is no room (see
 * `isPaused`). `at` says where.
 */
export function rows(from: u32, end: u32, most: u32): u32 {
  const stop = stepsEnd;
  const room = min(most, MOST_ROWS);
  beginNewTexts();
  let i = from;
  let row: u32 = 0;
  while (i < end && row < room) {
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
