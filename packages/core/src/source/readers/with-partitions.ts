import type { CsvColumn } from '../csv/csv-format.js';
import { preview } from '../../values/preview.js';
import { BadRecord } from '../bad-record.js';
import type { FileChunk } from '../files/bytes-chunk.js';
import type { ChunkReader } from '../source.js';
import { addColumns, partitionColumns } from './partition-columns.js';
import { withFiles } from './with-paths.js';

/**
 * Gives the rows of a reader the columns that the directories of their files say.
 *
 * @param check Checks a row that has them, and gives what it makes of it.
 */
export function withPartitions<C extends FileChunk>(
  reader: ChunkReader<C>,
  columns: readonly CsvColumn[],
  check?: (row: unknown) => unknown,
): ChunkReader<C> {
  return withFiles(reader, partitionColumns(columns), (entries, row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new BadRecord(`no row of columns: ${preview(row, 80)}, and partitionedBy adds some to objects`);
    }
    const whole = addColumns(row, entries);
    return check === undefined ? whole : check(whole);
  });
}
