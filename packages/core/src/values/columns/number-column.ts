/** Numbers; integers of 32 bits but -0, where one or two bytes are enough, by how far they are above the least. */
export interface NumberColumn {
  readonly kind: 'numbers';
  readonly least: number;
  readonly values: Uint8Array | Uint16Array | Int32Array | Float64Array;
}

/** Undefined where one value is no number. */
export function toNumberColumn(values: readonly unknown[]): NumberColumn | undefined {
  const integers = new Int32Array(values.length);
  let least = 2 ** 31;
  let most = -(2 ** 31);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number') return undefined;
    const integer = value | 0;
    if (integer !== value || (integer === 0 && 1 / value < 0)) return toDoubles(values);
    if (integer < least) least = integer;
    if (integer > most) most = integer;
    integers[i] = integer;
  }
  if (most - least < 2 ** 8) return { kind: 'numbers', least, values: toBytes(integers, least) };
  if (most - least < 2 ** 16) return { kind: 'numbers', least, values: toShorts(integers, least) };
  return { kind: 'numbers', least: 0, values: integers };
}

// A loop for each class of array: one that meets several is slower.
function toBytes(integers: Int32Array, least: number): Uint8Array {
  const bytes = new Uint8Array(integers.length);
  for (let i = 0; i < integers.length; i += 1) bytes[i] = integers[i]! - least;
  return bytes;
}

function toShorts(integers: Int32Array, least: number): Uint16Array {
  const shorts = new Uint16Array(integers.length);
  for (let i = 0; i < integers.length; i += 1) shorts[i] = integers[i]! - least;
  return shorts;
}

function toDoubles(values: readonly unknown[]): NumberColumn | undefined {
  const doubles = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number') return undefined;
    doubles[i] = value;
  }
  return { kind: 'numbers', least: 0, values: doubles };
}

export function fromNumberColumn({ values, least }: NumberColumn): number[] {
  return values instanceof Float64Array ? fromDoubles(values) : fromIntegers(values, least);
}

function fromIntegers(integers: Uint8Array | Uint16Array | Int32Array, least: number): number[] {
  const list = new Array<number>(integers.length);
  for (let i = 0; i < integers.length; i += 1) list[i] = least + integers[i]!;
  return list;
}

// A loop of its own: adding 0 would make 0 of -0.
function fromDoubles(doubles: Float64Array): number[] {
  const list = new Array<number>(doubles.length);
  for (let i = 0; i < doubles.length; i += 1) list[i] = doubles[i]!;
  return list;
}
