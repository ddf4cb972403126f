const [MINUS, PLUS, ZERO] = [45, 43, 48];

/** Powers of ten that a double holds exactly. */
export const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/** So many digits are exact in a double, whatever they are. */
export const EXACT_DIGITS = 15;

/**
 * A plain decimal from its bytes, rounded as `Number` rounds its text: up to 15 digits and their power of ten are exact, so
 * one division rounds once. NaN for anything else, which `slowNumber` looks at.
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

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** Any number, as programs write it: with an exponent, of many digits, `inf`, `nan`; undefined for what is none. */
export function slowNumber(given: string, decimal: '.' | ','): number | undefined {
  const text = given.trim();
  const pointed = decimal === ',' ? withPoint(text) : text;
  if (DECIMAL.test(pointed)) return Number(pointed);
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?nan$/i.test(text) ? NaN : undefined;
}

/** A point would be taken for the comma that is meant. */
function withPoint(text: string): string {
  return text.includes('.') ? '' : text.replace(',', '.');
}
