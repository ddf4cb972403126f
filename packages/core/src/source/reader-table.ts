import type { StandardSchema } from '../checks/standard-schema.js';
import type { CsvFormat } from './csv/csv-format.js';
import { csvRows } from './csv/csv-rows.js';
import { items } from './items-reader.js';
import { range } from './range.js';
import { blocks } from './readers/blocks.js';
import { fileReader } from './readers/file-reader.js';
import { jsonRows } from './readers/json-rows.js';
import { lines } from './readers/lines.js';
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

/** What children read chunks with, by the names under which they travel. */
export const readers = {
  ...readersAlone,
  /** What another reader of the table gives, with the path of its file. */
  withPaths: (name: Named, ...given: readonly unknown[]) =>
    withPaths((readersAlone[name] as (...given: readonly unknown[]) => ChunkReader<FileChunk>)(...given)),
} as const;
