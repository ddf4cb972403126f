import type { CsvColumns, StandardSchema } from '@forkfold/core';

/** What a column may be read as. */
export type ParquetColumnType = keyof ParquetValues;

/** What values of each type become. */
export interface ParquetValues {
  /** Text, a UUID, JSON as it is written, or a decimal with all of its digits. */
  readonly string: string;
  /** Integers and floating-point numbers of any width, and decimals; an integer that a number cannot hold is an error. */
  readonly number: number;
  /** An integer of any width; a timestamp or a time of day as it is stored, to the microsecond or the nanosecond. */
  readonly bigint: bigint;
  /** True or false. */
  readonly boolean: boolean;
  /** A day, or a time of a day, to the millisecond. */
  readonly date: Date;
  /** Bytes of any meaning. */
  readonly bytes: Uint8Array;
  /** Whatever is there: lists, maps and records as arrays and plain objects, and everything else as it comes by itself. */
  readonly value: unknown;
}

/** The columns of rows: their names, or what each name is read as. */
export type ParquetColumns = readonly string[] | Readonly<Record<string, ParquetColumnType>>;

/** The rows that `columns` describe; `Null` is null where values may be, else never. */
export type ParquetRow<
  Columns extends ParquetColumns,
  Null = never,
> = Columns extends readonly (infer Name extends string)[]
  ? { [Key in Name]: unknown }
  : {
      -readonly [Key in keyof Columns]: Columns[Key] extends ParquetColumnType
        ? ParquetValues[Columns[Key]] | Null
        : never;
    };

/** What a value is compared with. */
export type FilterValue = string | number | bigint | boolean | Date;

/**
 * What a value must be; where several are given, all of it. As in SQL, null is neither equal to anything nor unlike it: only
 * `eq: null` and `in` with null find it, and `ne: null` finds all else.
 */
export interface ParquetCondition {
  /** Equal. */
  readonly eq?: FilterValue | null;
  /** Unlike. */
  readonly ne?: FilterValue | null;
  /** Greater. Texts are compared by UTF-16 code units, as JavaScript does. */
  readonly gt?: FilterValue;
  /** Greater or equal. */
  readonly gte?: FilterValue;
  /** Less. */
  readonly lt?: FilterValue;
  /** Less or equal. */
  readonly lte?: FilterValue;
  /** Equal to one of these. */
  readonly in?: readonly (FilterValue | null)[];
  /** Unlike each of these. */
  readonly notIn?: readonly FilterValue[];
}

/** Conditions by column, all of which must hold; a value by itself stands for `eq`. */
export type ParquetConditions = Readonly<Record<string, ParquetCondition | FilterValue | null>>;

/** Which rows are read: those for which all conditions hold, or with an array all conditions of at least one of its items. */
export type ParquetFilter = ParquetConditions | readonly ParquetConditions[];

/** How `parquet` reads. */
export interface ParquetOptions {
  /**
   * The columns that rows have, in this order; the bytes of others are not read. Names alone, or an object of types by name,
   * which types the rows. @default all columns of the first file, which the other files must have, too
   */
  readonly columns?: ParquetColumns | undefined;
  /**
   * Which rows are read, as data: `{ delay: { gt: 10 }, origin: { in: ['SEA', 'PDX'] } }`. Row groups whose statistics exclude it are
   * not read. It may name columns that rows do not have. @default all
   */
  readonly filter?: ParquetFilter | undefined;
  /** What 64-bit integers become, where `columns` does not say it. @default 'number', and an error for one that a number cannot hold */
  readonly int64?: 'number' | 'bigint' | undefined;
  /** What decimals become, where `columns` does not say it. @default 'number', and an error for one of more than 2 ** 53 units */
  readonly decimal?: 'number' | 'string' | undefined;
  /**
   * Columns that the directories of a file say, as `partitionBy` writes them: `country=de/part-00000.parquet`. Names give texts, types
   * what they say, and `__HIVE_DEFAULT_PARTITION__` is null. Rows have them after their own columns; one of the same name is
   * replaced. A filter does not know them: name the directories in the paths. @default none
   */
  readonly partitionedBy?: CsvColumns | undefined;
}

/** Rows whose typed columns may be null. */
export interface WithNulls {
  /**
   * Whether typed columns may have nulls. Without it a row with one is an error, which `onError` may leave out. @default false
   */
  readonly nulls: true;
}

/** As `ParquetOptions`, with a schema for the rows. */
export interface ParquetSchemaOptions<Row> extends ParquetOptions {
  /** Checks each row, and may transform it: see `jsonLines`. It is code, so it reaches the children in a job only. */
  readonly schema: StandardSchema<Row>;
  /** See `WithNulls`. */
  readonly nulls?: boolean | undefined;
}
