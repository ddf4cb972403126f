import type { StandardSchema } from '../checks/standard-schema.js';
import { own, type ModuleRef } from '../module-ref.js';
import { columnsOf } from './columns.js';
import type { CsvColumns } from './csv-options.js';

/** Gives each record with its file. */
export interface WithPath {
  /**
   * Makes each record a pair of the absolute path of its file and the record, `[path, record]`, as keyed verbs take it:
   * `textLines('logs/*', { withPath: true }).countByKey()` counts the lines of each file. @default false
   */
  readonly withPath: true;
}

/** A reader of the package's own, which gives the paths of files, too, where that is asked for. */
export function readerRef(name: string, given: readonly unknown[], withPath = false): ModuleRef {
  if (!withPath) return { module: own.readers, name, arguments: given };
  return { module: own.readers, name: 'withPaths', arguments: [name, ...given] };
}

/** What a reader of rows may be told besides. */
export interface RowOptions {
  readonly schema?: StandardSchema | undefined;
  readonly partitionedBy?: CsvColumns | undefined;
  readonly withPath?: boolean | undefined;
}

/** A reader of rows of the package's own, as its options say. @throws OptionError for an unknown type of a column. */
export function rowsRef(
  name: string,
  given: readonly unknown[],
  { schema, partitionedBy, withPath }: RowOptions,
): ModuleRef {
  const check = schema === undefined ? [] : [schema];
  if (partitionedBy === undefined) return readerRef(name, [...given, ...check], withPath);
  const columns = columnsOf('partitionedBy', partitionedBy);
  return readerRef('withPartitions', [columns, name, given, ...check], withPath);
}
