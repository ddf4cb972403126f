import { writeAll } from './write-all.js';

/** Writes rows to a file descriptor, many at a time. */
export interface RowWriter {
  /**
   * A row of text: ASCII without tab and line feed.
   * @throws RangeError for any other, which Spark would change or cut.
   */
  text(p: number, s: bigint, text: string): void;
  /** A row of bytes: `head`, which is such a text, then the bytes in base64. */
  bytes(p: number, s: bigint, head: string, bytes: Uint8Array): void;
  flush(): void;
}

/** Bytes that are gathered before they are written. */
const PIECE = 256 * 1024;

/** Opens a writer to the descriptor that `3>&1` makes. What reads it must be the only reader, and this the only writer. */
export function openRowWriter(fd = 3): RowWriter {
  let held: Buffer[] = [];
  let size = 0;

  function flush(): void {
    const pieces = held;
    held = [];
    size = 0;
    if (pieces.length > 0) writeAll(fd, pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
  }

  function row(p: number, s: bigint, d: string): void {
    const line = Buffer.from(`${p}\t${s}\t${d}\n`, 'latin1');
    held.push(line);
    size += line.length;
    if (size >= PIECE) flush();
  }

  return {
    text(p, s, text) {
      checkText(text);
      row(p, s, text);
    },
    bytes(p, s, head, bytes) {
      checkText(head);
      const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
      row(p, s, head + base64);
    },
    flush,
  };
}

/** Spark takes `\N` for NULL, ends a line at `\r` as well as at `\n`, and drops what comes after one more tab. */
function checkText(text: string): void {
  if (!/^[\x20-\x7e]*$/.test(text) || text === '\\N') {
    throw new RangeError(`Expected a text of printable ASCII, got ${JSON.stringify(text.slice(0, 80))}`);
  }
}
