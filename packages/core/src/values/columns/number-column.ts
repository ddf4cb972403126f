export interface NumberColumn {
  readonly kind: 'numbers';
  readonly values: Int32Array | Float64Array;
}

/** Numbers as 32 bits each while all are integers that fit, but -0. Undefined where one value is no number. */
export function toNumberColumn(values: readonly unknown[]): NumberColumn | undefined {
  const integers = new Int32Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number') return undefined;
    const integer = value | 0;
    if (integer !== value || (integer === 0 && 1 / value < 0)) return toDoubles(values);
    integers[i] = integer;
  }
  return { kind: 'numbers', values: integers };
}

function toDoubles(values: readonly unknown[]): NumberColumn | undefined {
  const doubles = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number') return undefined;
    doubles[i] = value;
  }
  return { kind: 'numbers', values: doubles };
}

export function fromNumberColumn({ values }: NumberColumn): number[] {
  return values instanceof Int32Array ? listOfIntegers(values) : listOfDoubles(values);
}

// Two loops, so that each sees one class of array only.
function listOfIntegers(integers: Int32Array): number[] {
  const list = new Array<number>(integers.length);
  for (let i = 0; i < integers.length; i += 1) list[i] = integers[i]!;
  return list;
}

function listOfDoubles(doubles: Float64Array): number[] {
  const list = new Array<number>(doubles.length);
  for (let i = 0; i < doubles.length; i += 1) list[i] = doubles[i]!;
  return list;
}
