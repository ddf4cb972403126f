import type { RecordReader } from './file-reader.js';

/** The longest that one read may have. */
const RECORD_BYTES = 2 ** 31 - 1;

/**
 * The lines that start in a byte range as blocks of bytes, about 1 MiB or one longer line each. A block ends after a LF,
 * or with the file. Nothing is added or dropped: the blocks of all ranges of a file, joined, are the file. A line of 2
 * GiB is an error.
 *
 * @param limits For tests.
 */
export function blocks({ blockBytes = 1 << 20, recordBytes = RECORD_BYTES } = {}): RecordReader {
  return {
    blockBytes,
    recordBytes,
    // The user may keep every block.
    keepsBlocks: true,
    open:
      () =>
      ({ bytes }) => ({ records: [bytes] }),
  };
}
