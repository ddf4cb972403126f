/** Where fields end, and decimals digit by digit. */
import { CR, delimiter, LF, point, quote } from './marks';

const ZERO: u32 = 48;
/** Powers of ten that a double holds exactly. */
export const POWERS: u32 = <u32>memory.data<f64>([1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]); /** So many digits are exact in a double, whatever they are. */
const EXACT_DIGITS: u32 = 15;

/** The bytes among sixteen that are one or the other. */
@inline
export function eitherIn(bytes: v128, one: v128, other: v128): u32 {
  return <u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, one), i8x16.eq(bytes, other)));
}

/** Where the delimiter or the LF is that ends a field without quotes. */
export function endOf(from: u32): u32 {
  const delimiters = i8x16.splat(<i8>delimiter);
  const lfs = i8x16.splat(<i8>LF);
  let i = from;
  while (true) {
    const found = eitherIn(v128.load(i), delimiters, lfs);
    if (found != 0) return i + <u32>ctz(found);
    i += 16;
  }
}

/** Where the delimiter or the LF is that ends a field with quotes; 0 where it does not end in its line, or goes on behind its quotes. */
export function quotedEnd(from: u32): u32 {
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
@inline
export function endOfMany(from: u32, count: u32): u32 {
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
@inline
export function cut(from: u32, end: u32): u32 {
  return end - <u32>(end > from && load<u8>(end - 1) == CR);
}

/** A decimal of any length, digit by digit; NaN for what is none, or is not exact. */
export function slowDecimal(from: u32, end: u32): f64 {
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

