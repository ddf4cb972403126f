const FORM =
  /^(\d{4}|\+\d{6}|-(?!0{6})\d{6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * The milliseconds since 1970 of a date as ISO 8601 and databases write it: `2024-05-01`, `2024-05-01 12:30:00.5+02`. Without a
 * zone it is UTC, on every machine. Years beyond four digits have a sign and six, as JavaScript writes them. Fractions of a millisecond are cut off. NaN for anything else, and for a day or an hour that
 * no calendar and no clock has.
 */
export function timeOf(text: string): number {
  const found = FORM.exec(text);
  if (found === null) return NaN;
  const parts: readonly (string | undefined)[] = found;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const isClock = hour! < 24 && minute! < 60 && second! < 60;
  if (!isClock || month! < 1 || month! > 12 || day! < 1 || day! > daysOf(year!, month!)) return NaN;
  const date = new Date(0);
  // `Date.UTC` takes the years 0 to 99 for those of the last century.
  date.setUTCFullYear(year!, month! - 1, day);
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  return date.setUTCHours(hour!, minute, second, ms) - offsetOf(parts[8]);
}

function daysOf(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  const offset = hours < 24 && minutes < 60 ? (hours * 60 + minutes) * 60_000 : NaN;
  return zone.startsWith('-') ? -offset : offset;
}
