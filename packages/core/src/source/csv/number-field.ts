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
