import type { StandardSchema } from '../checks/standard-schema.js';
import type { CsvColumn, CsvFormat } from './csv/csv-format.js';
import { csvRows } from './csv/csv-rows.js';
import { items } from './items-reader.js';
import { jsonRows } from './json/json-rows.js';
import { range } from './range.js';
import { blocks } from './readers/blocks.js';
import { fileReader } from './readers/file-reader.js';
import { lines } from './readers/lines.js';
import { schemaCheck } from './readers/schema-check.js';
import { withPartitions } from './readers/with-partitions.js';
import { withPaths } from './readers/with-paths.js';
import type { FileChunk } from './files/bytes-chunk.js';
import type { ChunkReader } from './source.js';

const readersAlone = {
  items,
  range,
  lines: (encoding?: string) => fileReader(lines(encoding)),
  blocks: () => fileReader(blocks()),
  jsonRows: (schema?: StandardSchema) => fileReader(jsonRows(schema)),
  csvRows: (format: CsvFormat, schema?: StandardSchema) => csvRows(format, schema),
} as const;

type Named = 'lines' | 'jsonRows' | 'csvRows';

function named(name: Named, given: readonly unknown[]): ChunkReader<FileChunk> {
  return (readersAlone[name] as (...given: readonly unknown[]) => ChunkReader<FileChunk>)(...given);
}

const rowReaders = {
  ...readersAlone,
  /** The rows of another reader, with the columns of the directories of their files; then checked by a schema. */
  withPartitions: (
    columns: readonly CsvColumn[],
    name: Named,
    given: readonly unknown[],
    schema?: StandardSchema,
  ) =>
    withPartitions(
      named(name, given),
      columns,
      schema && schemaCheck(schema, name === 'csvRows' ? 'csv' : 'jsonLines'),
    ),
} as const;

/** What children read chunks with, by the names under which they travel. */
export const readers = {
  ...rowReaders,
  /** What another reader of the table gives, with the path of its file. */
  withPaths: (name: Named | 'withPartitions', ...given: readonly unknown[]) =>
    withPaths((rowReaders[name] as (...given: readonly unknown[]) => ChunkReader<FileChunk>)(...given)),
} as const;
