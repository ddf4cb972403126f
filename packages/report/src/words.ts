const count = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** A number of things, such as 1,234,567. */
export function inNumbers(number: number): string {
  return count.format(number);
}

/** So many bytes, such as 12.3 MB. */
export function inBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${short.format(bytes / 1000 ** power)} ${units[power]!}`;
}

/** A time, such as 340 ms, 1.24 s or 3 min 20 s. */
export function inTime(seconds: number): string {
  if (seconds < 1e-3) return `${short.format(seconds * 1e6)} µs`;
  if (seconds < 1) return `${short.format(seconds * 1e3)} ms`;
  if (seconds < 120) return `${short.format(seconds)} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** A part, such as 12 %. */
export function inPercent(share: number): string {
  return `${short.format(Number((share * 100).toPrecision(2)))} %`;
}

/** A number of something, with the word in the singular for one. */
export function so(many: number, what: string): string {
  return `${inNumbers(many)} ${what}${many === 1 ? '' : 's'}`;
}
