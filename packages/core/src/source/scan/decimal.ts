const [MINUS, PLUS, ZERO] = [45, 43, 48];

/** Powers of ten that a double holds exactly. */
export const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/** So many digits are exact in a double, whatever they are. */
export const EXACT_DIGITS = 15;

/**
 * A plain decimal from its bytes, rounded as `Number` rounds its text: up to 15 digits and their power of ten are exact, so
 * one division rounds once. NaN for anything else.
 */
export function fastNumber(bytes: Uint8Array, from: number, to: number, point: number): number {
  let i = from;
  const sign = bytes[i]!;
  if (sign === MINUS || sign === PLUS) i += 1;
  const first = i;
  let value = 0;
  let scale = -1;
  for (; i < to; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === point - ZERO && scale < 0) scale = i;
    else return NaN;
  }
  const digits = scale < 0 ? to - first : to - first - 1;
  if (digits === 0 || digits > EXACT_DIGITS) return NaN;
  if (scale >= 0) value /= POWERS[to - 1 - scale]!;
  return sign === MINUS ? -value : value;
}
