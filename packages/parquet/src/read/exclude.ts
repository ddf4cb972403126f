import { comparableOf, order, type Comparable } from './compare.js';
import type { FileColumn } from './columns-of.js';
import type { Footer } from './footer.js';
import type { Condition, Conditions } from './format.js';

type RowGroup = Footer['row_groups'][number];
type Statistics = NonNullable<NonNullable<RowGroup['columns'][number]['meta_data']>['statistics']>;

/** Whether the statistics of a row group tell that the filter holds for none of its rows. */
export function isExcluded(
  group: RowGroup,
  filter: readonly Conditions[],
  columns: readonly FileColumn[],
): boolean {
  if (filter.length === 0) return false;
  return filter.every((conditions) =>
    conditions.some((condition) => {
      const column = columns.find(({ name }) => name === condition.column)!;
      const found = group.columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === column.name);
      const statistics = found?.meta_data?.statistics;
      return statistics !== undefined && excludes(statistics, Number(group.num_rows), condition, column);
    }),
  );
}

function excludes(
  statistics: Statistics,
  rows: number,
  { operator, values }: Condition,
  column: FileColumn,
): boolean {
  const nulls = statistics.null_count === undefined ? undefined : Number(statistics.null_count);
  const ofNull = values.includes(null);
  // No other operator finds nulls.
  if (ofNull && (operator === 'eq' || operator === 'in') && nulls !== 0) return false;
  if (nulls === rows) return true;
  const range = rangeOf(statistics, column);
  const others = values.filter((value) => value !== null).map((value) => placed(comparableOf(value), range));
  if (range === undefined || others.includes(undefined))
    return ofNull && others.length === 0 && operator !== 'ne';
  const places = others as readonly Place[];
  switch (operator) {
    case 'eq':
    case 'in':
      return places.every(({ toMin, toMax }) => toMin < 0 || toMax > 0);
    case 'gt':
      return places[0]!.toMax >= 0;
    case 'gte':
      return places[0]!.toMax > 0;
    case 'lt':
      return places[0]!.toMin <= 0;
    case 'lte':
      return places[0]!.toMin < 0;
    case 'ne':
    case 'notIn':
      // The bounds may be cut, and floating-point columns may have NaN besides.
      return range.isExact && places.some(({ toMin, toMax }) => toMin === 0 && toMax === 0);
  }
}

interface Range {
  readonly min: Comparable | Uint8Array;
  readonly max: Comparable | Uint8Array;
  readonly isExact: boolean;
}

/** How a value compares with the bounds of a range. */
interface Place {
  readonly toMin: number;
  readonly toMax: number;
}

/** The smallest and the largest value, where they are told in the order in which filters compare. */
function rangeOf(
  { min_value, max_value, min, max }: Statistics,
  { tree, type }: FileColumn,
): Range | undefined {
  const { type: stored, converted_type, logical_type } = tree.element;
  const isPlain = stored !== undefined && ['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'].includes(stored);
  // Older writers have compared texts and unsigned integers as if they were signed.
  const isUnsigned =
    converted_type?.startsWith('UINT_') || (logical_type?.type === 'INTEGER' && !logical_type.isSigned);
  const older = isPlain && !isUnsigned ? { min, max } : {};
  const [low, high] = [min_value ?? older.min, max_value ?? older.max];
  if (low === undefined || high === undefined) return undefined;
  const meaning = logical_type?.type ?? converted_type;
  // Bytes that are no UTF-8 have another order once they are text.
  const isText = meaning !== undefined && ['STRING', 'UTF8', 'ENUM', 'JSON'].includes(meaning);
  if (type === 'string' && !(isText && low instanceof Uint8Array && high instanceof Uint8Array))
    return undefined;
  // Numbers of decimals are rounded, and a decimal may be read as a text.
  if (meaning === 'DECIMAL' || stored === 'INT96' || logical_type?.type === 'FLOAT16') return undefined;
  if (type !== 'string' && (typeof low === 'object' || typeof high === 'object')) return undefined;
  // A timestamp that is read as a bigint keeps the unit that statistics have lost.
  if (type === 'bigint' && meaning !== undefined && /^TIME/.test(meaning)) return undefined;
  const isFloat = stored === 'FLOAT' || stored === 'DOUBLE';
  return { min: low as Comparable, max: high as Comparable, isExact: !isFloat && type !== 'string' };
}

function placed(value: Comparable, range: Range | undefined): Place | undefined {
  if (range === undefined) return undefined;
  const [toMin, toMax] = [compared(value, range.min), compared(value, range.max)];
  return toMin === undefined || toMax === undefined ? undefined : { toMin, toMax };
}

function compared(value: Comparable, bound: Comparable | Uint8Array): number | undefined {
  if (!(bound instanceof Uint8Array)) return order(value, bound);
  // Texts are stored in the order of their UTF-8, which is that of UTF-16 unless the value itself has what lies behind its surrogates.
  if (typeof value !== 'string' || /[\ud800-\uffff]/.test(value)) return undefined;
  return Buffer.compare(Buffer.from(value), bound);
}
