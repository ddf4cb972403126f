import type { StandardSchema } from '../checks/standard-schema.js';
import type { ColumnType } from '../source/csv/csv-format.js';

/** The columns of rows: their names, whose values are texts, or what each name is read as. */
export type CsvColumns = readonly string[] | Readonly<Record<string, ColumnType>>;

/** What fields of each type become. */
export interface CsvValues {
  /** The text as it stands. */
  readonly string: string;
  /** A decimal, rounded as `Number` rounds it. */
  readonly number: number;
  /** An integer of any size. */
  readonly bigint: bigint;
  /** True or false. */
  readonly boolean: boolean;
  /** A day, or a time of a day. */
  readonly date: Date;
}

/** The rows that `columns` describe; `Null` is null where fields may be, else never. */
export type CsvRow<Columns extends CsvColumns, Null = never> = Columns extends readonly (infer Name extends
  string)[]
  ? { [Key in Name]: string | Null }
  : {
      -readonly [Key in keyof Columns]: Columns[Key] extends ColumnType
        ? CsvValues[Columns[Key]] | Null
        : never;
    };

/** How `csv` reads. */
export interface CsvOptions {
  /**
   * Whether the first line of each file names its columns. Columns are found by their names, so they may stand in another order
   * in each file. Without a header `columns` names all of them, in their order. @default true
   */
  readonly header?: boolean | undefined;
  /**
   * The columns that rows have, in this order; other columns are passed over, which is much cheaper. Names alone,
   * `['station', 'temperature']`, give texts; types say what a field is read as: `{ station: 'string', temperature: 'number' }`.
   * A field that cannot be read so is an error.
   *
   * - `'string'`: the text, spaces included.
   * - `'number'`: a decimal, with an exponent or not, `inf` or `nan`, rounded as `Number` rounds it.
   * - `'bigint'`: an integer of any size.
   * - `'boolean'`: `true` or `false`, `t` or `f`, `1` or `0`, in any case.
   * - `'date'`: ISO 8601, as `2024-05-01` or `2024-05-01 12:30:00.25+02:00`; without a zone it is UTC.
   *
   * @default all columns of the first file's header, which the other files must have too, as texts
   */
  readonly columns?: CsvColumns | undefined;
  /** One character. A first line `sep=;`, as Excel has it, says otherwise for its file. @default ',' */
  readonly delimiter?: string | undefined;
  /** One character, or false where quotes are characters like any other. Within quotes it is doubled. @default '"' */
  readonly quote?: string | false | undefined;
  /** What stands before the fraction of a number. @default '.' */
  readonly decimal?: '.' | ',' | undefined;
  /**
   * Texts that stand for null, such as `['', 'NA']`. For columns of texts only where they are not quoted. @default none: an empty
   * field is an empty text, and no number
   */
  readonly nulls?: readonly string[] | undefined;
  /** The character that lines begin with which are no rows. @default none */
  readonly comment?: string | undefined;
  /**
   * Whether quoted fields may hold line ends. Each file is one chunk then, since nobody can tell in the middle of a file whether a
   * line end is one of a row. @default false: a quote that is open at the end of a line is an error
   */
  readonly multiline?: boolean | undefined;
  /** What becomes of rows with too few fields: an error, or null for what is missing. @default 'fail' */
  readonly ragged?: 'fail' | 'fill' | undefined;
  /** As of `textLines`. @default 'utf-8' */
  readonly encoding?: string | undefined;
  /**
   * Columns that the directories of a file say, as `partitionBy` writes them: `country=de/part-00000.csv`. Names give texts, types
   * what they say, and `__HIVE_DEFAULT_PARTITION__` is null. Rows have them after their own columns; one of the same name is
   * replaced. @default none
   */
  readonly partitionedBy?: CsvColumns | undefined;
}

/** Rows with the columns of their directories. */
export type WithPartitions<Row, Columns extends CsvColumns> = Columns extends readonly []
  ? Row
  : Row & CsvRow<Columns, null>;

/** Rows that are checked by a schema. */
export interface CsvSchemaOptions<Row> extends CsvOptions {
  /**
   * Checks each row, after the types of its columns, and may transform it: a synchronous schema with Standard Schema v1. It is
   * code, so it reaches the children in a job only.
   */
  readonly schema: StandardSchema<Row>;
}

/** Options under which any value may be null. */
export type WithNulls =
  | {
      /** Texts that stand for null. */
      readonly nulls: readonly string[];
    }
  | {
      /** Makes null of what is missing. */
      readonly ragged: 'fill';
    };
