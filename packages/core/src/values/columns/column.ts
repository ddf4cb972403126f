import type { NumberColumn } from './number-column.js';
import type { TextColumn } from './text-column.js';

/**
 * Values that are alike, by their parts: V8 writes a few long arrays in a fraction of the time of many small objects,
 * each of which might be met twice, have other names, or holes. Plain data for V8's writer.
 */
export type Column =
  | NumberColumn
  | TextColumn
  | ConstantColumn
  | MixedColumn
  | PrimitiveColumn
  | DateColumn
  | RecordColumn
  | ShapesColumn
  | TupleColumn
  | ListColumn;

/** `false`, `true`, `null` and `undefined`, as places in `constants`. */
export interface ConstantColumn {
  readonly kind: 'constants';
  readonly codes: Uint8Array;
}

/** Constants, as above, among values of another column, whose code is the one after the last. */
export interface MixedColumn {
  readonly kind: 'mixed';
  readonly codes: Uint8Array;
  readonly others: Column;
}

/** Primitives that are not alike, or big integers. */
export interface PrimitiveColumn {
  readonly kind: 'primitives';
  readonly values: readonly unknown[];
}

export interface DateColumn {
  readonly kind: 'dates';
  readonly times: Float64Array;
}

/** Plain objects with the same names in the same order. */
export interface RecordColumn {
  readonly kind: 'records';
  readonly count: number;
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

/** Plain objects with different names: a column for each list of names, and which one each object is the next of. */
export interface ShapesColumn {
  readonly kind: 'shapes';
  readonly codes: Uint8Array;
  readonly columns: readonly Column[];
}

/** Arrays of one length: a column for every place in them. */
export interface TupleColumn {
  readonly kind: 'tuples';
  readonly count: number;
  readonly columns: readonly Column[];
}

/** Arrays of any length: the items of all, one behind the other. */
export interface ListColumn {
  readonly kind: 'lists';
  readonly lengths: Uint32Array;
  readonly items: Column;
}

export const constants: readonly unknown[] = [false, true, null, undefined];

/** The code of a value that is no constant. */
export const OTHER = constants.length;

export function codeOf(value: unknown): number {
  switch (value) {
    case false:
      return 0;
    case true:
      return 1;
    case null:
      return 2;
    case undefined:
      return 3;
    default:
      return OTHER;
  }
}
