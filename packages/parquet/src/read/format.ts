import type { CsvColumn, SourceChunk } from '@forkfold/core/engine';
import type { FilterValue, ParquetColumnType } from '../parquet-options.js';

/** How Parquet files are read: plain data, all that a child must know. */
export interface ParquetFormat {
  /** The columns of the rows, in order; all of the first file where they are not given. */
  readonly columns: readonly WantedColumn[] | undefined;
  /** At least one of these must hold; all rows are read where there are none. */
  readonly filter: readonly Conditions[];
  readonly int64: 'number' | 'bigint';
  readonly decimal: 'number' | 'string';
  /** Whether typed columns may have nulls. */
  readonly nulls: boolean;
  /** Columns that the directories of files say. */
  readonly partitionedBy?: readonly CsvColumn[];
}

export interface WantedColumn {
  readonly name: string;
  /** What it is read as; what it is by itself where that is not given. */
  readonly type?: ParquetColumnType;
}

/** All of these must hold. */
export type Conditions = readonly Condition[];

export type Operator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'notIn';

/** What must hold for a column: values are several for `in` and `notIn`, else one. */
export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly values: readonly (FilterValue | null)[];
}

/** A row group of a file. */
export interface RowGroupPlace {
  readonly file: string;
  /** What the file was when it was listed: see `BytesChunk.id`. */
  readonly id: string;
  /** How many bytes it had. */
  readonly end: number;
  /** Zero-based number of the row group in its file. */
  readonly group: number;
  /** How many rows of the file come before it. */
  readonly before: number;
  readonly rows: number;
}

/** Row groups that are read one after the other. */
export interface ParquetChunk extends SourceChunk {
  readonly kind: 'row-groups';
  readonly groups: readonly RowGroupPlace[];
  /** The columns of the first file, where they decide which columns rows have. */
  readonly common?: readonly string[];
}
