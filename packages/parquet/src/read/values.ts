import { SourceError } from '@forkfold/core';

/** What a value is that the type of its column cannot hold; the reader says where it stands. */
export class Unreadable extends Error {}

/** An integer as a number. @throws Unreadable for one that a number cannot hold. */
export function integer(stored: bigint | number): number {
  const number = Number(stored);
  if (Number.isSafeInteger(number)) return number;
  throw new Unreadable(
    `holds ${stored}, which a number cannot hold: read it as "bigint", or all by int64: 'bigint'`,
  );
}

export function bigInteger(stored: bigint | number): bigint {
  return BigInt(stored);
}

export function unsigned64(stored: bigint): bigint {
  return BigInt.asUintN(64, stored);
}

/** A decimal as the nearest number. @throws Unreadable for one with more digits than a number holds. */
export function numberOfDecimal(stored: number | bigint | Uint8Array, scale: number): number {
  const unscaled = typeof stored === 'object' ? signed(stored) : stored;
  const number = Number(unscaled);
  if (Number.isSafeInteger(number)) return number / 10 ** scale;
  const exact = exactDecimal(stored, scale);
  throw new Unreadable(
    `holds ${exact}, of which a number loses digits: read it as "string", or all by decimal: 'string'`,
  );
}

/** A decimal with all of its digits, as many behind the point as the column has. */
export function exactDecimal(stored: number | bigint | Uint8Array, scale: number): string {
  const unscaled = typeof stored === 'object' ? signed(stored) : BigInt(stored);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = scale <= 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return unscaled < 0n ? `-${text}` : text;
}

/** The integer that bytes are, the highest one first. */
function signed(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** Text as it is stored: a byte order mark at its beginning is a part of it. */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** The error for a value that its column's type cannot hold. */
export function unreadable(file: string, column: string, { message }: Unreadable): SourceError {
  return new SourceError(`${file}: the column ${JSON.stringify(column)} ${message}`, { file });
}
