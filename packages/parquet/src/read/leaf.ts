import type { SchemaElement } from 'hyparquet';
import type { ParquetColumnType } from '../parquet-options.js';
import { dateOfDays, millisOfMicros, millisOfNanos } from './times.js';
import { bigInteger, exactDecimal, integer, numberOfDecimal, unsigned64, utf8 } from './values.js';

/**
 * How the values of a leaf of the schema are read: what hyparquet is told that they are, and what is made of what it gives.
 *
 * What is made of a value that the file has once, in its dictionary, is made once, and shared by the rows; what is no plain value
 * of JavaScript, such as a Date, is made for each row.
 */
export interface Leaf {
  readonly type: ParquetColumnType;
  /** The element as hyparquet is to understand it. */
  readonly element: SchemaElement;
  /** What is made of a stored value, where hyparquet does not do it. */
  readonly convert?: (stored: never) => unknown;
  /** What is made of that for a row. */
  readonly finish?: (value: never) => unknown;
}

/** What columns become that nobody has given a type. */
export interface Defaults {
  readonly int64: 'number' | 'bigint';
  readonly decimal: 'number' | 'string';
}

type Ways = Partial<Record<ParquetColumnType, Omit<Leaf, 'type'>>>;

/** The ways to read values of an element, the one that is taken by itself first. */
export function waysOf(element: SchemaElement, { int64, decimal }: Defaults): readonly Leaf[] {
  const ways = waysFor(element);
  const kind = kindOf(element);
  const first = kind === 'int64' ? int64 : kind === 'decimal' ? decimal : undefined;
  const all = Object.entries(ways).map(([type, way]) => ({ type: type as ParquetColumnType, ...way }));
  return first === undefined
    ? all
    : all.toSorted((a, b) => Number(b.type === first) - Number(a.type === first));
}

/** What an element is called in messages: `INT64 (TIMESTAMP)`. */
export function nameOf({ type, converted_type, logical_type }: SchemaElement): string {
  const meaning = logical_type?.type ?? converted_type;
  return meaning === undefined ? (type ?? 'a group') : `${type ?? 'a group'} (${meaning})`;
}

type Kind =
  | 'boolean' | 'int32' | 'int64' | 'int96' | 'float' | 'float16' | 'decimal' | 'day' | 'timestamp' | 'time' // prettier-ignore
  | 'text' | 'json' | 'uuid' | 'interval' | 'shape' | 'bytes'; // prettier-ignore

/** The annotations that say what values mean; where there are none, the physical type does. */
const meanings: Readonly<Record<string, Kind>> = {
  DECIMAL: 'decimal',
  DATE: 'day',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_MILLIS: 'timestamp',
  TIMESTAMP_MICROS: 'timestamp',
  TIME: 'time',
  TIME_MILLIS: 'time',
  TIME_MICROS: 'time',
  STRING: 'text',
  UTF8: 'text',
  ENUM: 'text',
  JSON: 'json',
  UUID: 'uuid',
  FLOAT16: 'float16',
  INTERVAL: 'interval',
  GEOMETRY: 'shape',
  GEOGRAPHY: 'shape',
};

const physical: Readonly<Record<string, Kind>> = {
  BOOLEAN: 'boolean',
  INT32: 'int32',
  INT64: 'int64',
  INT96: 'int96',
  FLOAT: 'float',
  DOUBLE: 'float',
};

function kindOf({ type = 'BYTE_ARRAY', converted_type, logical_type }: SchemaElement): Kind {
  if (type === 'INT96') return 'int96';
  return meanings[logical_type?.type ?? ''] ?? meanings[converted_type ?? ''] ?? physical[type] ?? 'bytes';
}

function waysFor(element: SchemaElement): Ways {
  const stored = withoutMeaning(element);
  const text = { element: { ...stored, converted_type: 'UTF8' as const } };
  switch (kindOf(element)) {
    case 'boolean':
      return { boolean: { element } };
    case 'float':
    case 'float16':
      return { number: { element } };
    case 'int32':
      return int32Ways(element);
    case 'int64':
      return int64Ways(element);
    case 'decimal': {
      const scale =
        element.logical_type?.type === 'DECIMAL' ? element.logical_type.scale : (element.scale ?? 0);
      return {
        number: { element: stored, convert: (value: never) => numberOfDecimal(value, scale) },
        string: { element: stored, convert: (value: never) => exactDecimal(value, scale) },
      };
    }
    case 'day':
      return { date: { element: stored, convert: dateOfDays, finish: toDate } };
    case 'timestamp':
      return {
        date: { element: stored, convert: millisOf(element), finish: toDate },
        bigint: { element: stored },
      };
    case 'int96':
      // hyparquet makes nanoseconds of them, whatever they are said to be.
      return {
        date: { element: stored, convert: millisOfNanos, finish: toDate },
        bigint: { element: stored, convert: (value: bigint) => value },
      };
    case 'time':
      return {
        number: { element: stored, convert: integer },
        bigint: { element: stored, convert: bigInteger },
      };
    case 'text':
      return { string: text };
    case 'json':
      return { value: { ...text, finish: (value: string) => JSON.parse(value) as unknown }, string: text };
    case 'uuid':
      return { string: { element } };
    case 'shape':
      return { value: { element } };
    case 'interval':
      return { value: { element: stored, finish: intervalOf }, bytes: { element: stored, finish: copy } };
    case 'bytes':
      return {
        bytes: { element: stored, finish: copy },
        ...(element.type === 'BYTE_ARRAY'
          ? { string: text }
          : { string: { element: stored, convert: utf8 } }),
      };
  }
}

function int64Ways(element: SchemaElement): Ways {
  const widen = isUnsigned(element) ? unsigned64 : (value: bigint) => value;
  const stored = withoutMeaning(element);
  return {
    number: { element: stored, convert: (value: bigint) => integer(widen(value)) },
    bigint: { element: stored, ...(isUnsigned(element) && { convert: widen }) },
  };
}

function int32Ways(element: SchemaElement): Ways {
  const widen = isUnsigned(element) ? (value: number) => value >>> 0 : (value: number) => value;
  const stored = withoutMeaning(element);
  return {
    number: { element: stored, ...(isUnsigned(element) && { convert: widen }) },
    bigint: { element: stored, convert: (value: number) => BigInt(widen(value)) },
  };
}

function isUnsigned({ converted_type, logical_type }: SchemaElement): boolean {
  if (logical_type?.type === 'INTEGER') return !logical_type.isSigned;
  return converted_type?.startsWith('UINT_') ?? false;
}

function withoutMeaning({
  converted_type: _,
  logical_type: __,
  scale: ___,
  precision: ____,
  ...stored
}: SchemaElement): SchemaElement {
  return stored;
}

function millisOf({ logical_type, converted_type }: SchemaElement): (stored: bigint) => number {
  const unit =
    logical_type?.type === 'TIMESTAMP'
      ? logical_type.unit
      : converted_type === 'TIMESTAMP_MICROS'
        ? 'MICROS'
        : 'MILLIS';
  return unit === 'NANOS' ? millisOfNanos : unit === 'MICROS' ? millisOfMicros : Number;
}

function toDate(millis: number): Date {
  return new Date(millis);
}

/** Bytes of a page would keep all of it in memory. */
function copy(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

function intervalOf(bytes: Uint8Array): { months: number; days: number; milliseconds: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [months, days, milliseconds] = [0, 4, 8].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  return { months, days, milliseconds };
}
