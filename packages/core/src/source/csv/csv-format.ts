/** What the fields of a column are read as. */
export type ColumnType = 'string' | 'number' | 'bigint' | 'boolean' | 'date';

/** How CSV files are written, and what rows are made of them: plain data, all that a child must know. */
export interface CsvFormat {
  /** Whether the first line of each file names its columns. */
  readonly hasHeader: boolean;
  /** The columns that rows have, in the order of their keys; all of the header, as texts, where it is not given. */
  readonly columns: readonly CsvColumn[] | undefined;
  /** One character of ASCII each. */
  readonly delimiter: string;
  readonly quote: string | undefined;
  readonly comment: string | undefined;
  readonly decimal: '.' | ',';
  /** Texts that stand for null. */
  readonly nulls: readonly string[];
  /** Whether a quoted field may hold line ends. */
  readonly multiline: boolean;
  /** Whether what is missing at the end of a row is null. */
  readonly fills: boolean;
  /** The name of an encoding, unless it is UTF-8. */
  readonly encoding: string | undefined;
}

export interface CsvColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A first line that says what separates the fields of its file, and is no row. */
export const SEPARATOR_LINE = /^"?sep=([\t -!#-~])"?\r?\n/i;
