/** The name of a field of a record; any name where its fields are not known. */
export type FieldName<T> = [T] extends [object]
  ? Extract<keyof T, string>
  : [T] extends [Primitive]
    ? never
    : string;

type Primitive = string | number | bigint | boolean | symbol | null | undefined;

/**
 * A function of a record. As a method's, its parameter is compared either way, so that a dataset of some records is one of more
 * general records, too.
 */
export type FunctionOf<T, R = unknown> = { of(record: T): R }['of'];
