import { aBoolean, checkArguments } from '../checks/check-arguments.js';
import { aSchema, type StandardSchema } from '../checks/standard-schema.js';
import { fileSource } from '../source/files/file-source.js';
import { checkPaths, type Paths } from '../source/files/paths.js';
import { someColumns } from './columns.js';
import type { CsvColumns } from './csv-options.js';
import { sourceDataset, type Dataset } from './dataset.js';
import { rowsRef, type WithPath } from './with-path.js';

/** How `jsonLines` reads. */
export interface JsonLinesOptions<Row = unknown> {
  /**
   * Checks each row, and may transform it: any synchronous schema with Standard Schema v1, such as one of zod. It is code, so
   * it reaches the children in a job only. @default rows are what `JSON.parse` gives, unchecked
   */
  readonly schema?: StandardSchema<Row> | undefined;
  /**
   * Columns that the directories of a file say, as `partitionBy` writes them: `country=de/part-00000.jsonl`. Names give texts, types
   * what they say, and `__HIVE_DEFAULT_PARTITION__` is null; the schema checks rows that have them. @default none
   */
  readonly partitionedBy?: CsvColumns | undefined;
}

/**
 * The values of JSON Lines files (NDJSON), one a line, in the order of `textLines`, with the same paths, chunks and
 * compressed files. Each line is read as `JSON.parse` does: integers beyond 2 ** 53 are rounded, of equal keys the last
 * one wins, `__proto__` is a key like any other. Lines of white space only are left out.
 *
 * A line that is no JSON, or does not match the schema, rejects the run with a `SourceError` that names file, line and
 * byte and says what is wrong; its `cause` is the `SyntaxError`, or an array of the schema's first hundred issues,
 * `{ message, path }`. With `onError: 'skip'` the line is left out, counted, and described in the report. What a function
 * of the schema throws is a `TaskError`, and so is a schema that is asynchronous, which `onError` does not skip.
 *
 * With `withPath: true` records are pairs, `[path, row]`.
 *
 * @typeParam Row The output type of the schema. Without a schema it is the caller's word, and nothing checks it.
 * @param paths As of `textLines`.
 * @throws OptionError for other paths or options, and for a schema outside a job; SourceError as `textLines` does.
 * @example
 * const orders = jsonLines<{ customer: string; price: number }>('orders.jsonl');
 * await orders.map(({ price }) => price).reduce((a, b) => a + b).run(); // -> 13
 * @example
 * import { z } from 'zod';
 *
 * const Order = z.object({ customer: z.string(), price: z.number().min(2) });
 * const checked = defineJob(import.meta.url, (paths: string) => jsonLines(paths, { schema: Order }));
 * await checked('orders.jsonl').count().run({ onError: 'skip' }); // -> 2
 */
export function jsonLines<Row = unknown>(
  paths: Paths,
  options: JsonLinesOptions<Row> & WithPath,
): Dataset<[path: string, row: Row]>;
export function jsonLines<Row = unknown>(paths: Paths, options?: JsonLinesOptions<Row>): Dataset<Row>;
export function jsonLines(
  paths: Paths,
  options: JsonLinesOptions & { readonly withPath?: boolean } = {},
): Dataset<unknown> {
  const source = fileSource('jsonLines', checkPaths(paths));
  checkArguments('jsonLines', options, {
    schema: aSchema,
    partitionedBy: someColumns,
    withPath: aBoolean,
  });
  return sourceDataset(source, rowsRef('jsonRows', [], options));
}
