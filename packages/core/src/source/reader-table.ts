import type { StandardSchema } from '../checks/standard-schema.js';
import type { CsvFormat } from './csv/csv-format.js';
import { csvRows } from './csv/csv-rows.js';
import { items } from './items-reader.js';
import { range } from './range.js';
import { blocks } from './readers/blocks.js';
import { fileReader } from './readers/file-reader.js';
import { jsonRows } from './readers/json-rows.js';
import { lines } from './readers/lines.js';

/** What children read chunks with, by the names under which they travel. */
export const readers = {
  items,
  range,
  lines: (encoding?: string) => fileReader(lines(encoding)),
  blocks: () => fileReader(blocks()),
  jsonRows: (schema?: StandardSchema) => fileReader(jsonRows(schema)),
  csvRows: (format: CsvFormat, schema?: StandardSchema) => csvRows(format, schema),
} as const;
