import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes of a piece: a row of 200 MB has an executor of 1 GiB run out of memory, and 1 MB costs nothing. */
export const PIECE = 768 * 1024;

/** Opens the text of a row that goes on with what the one before began. */
export const CONTINUED = 'C:';

/** Opens the text of a row that begins a block of a sorted run: a range of the run may begin with any of them. */
export const BLOCK = 'B:';

/** Bytes that are here or in a file. */
export interface Bytes {
  readonly data?: Uint8Array;
  readonly file?: string;
  readonly offset?: number;
  readonly length: number;
}

/** How many pieces some bytes are cut in; nothing is one piece, too. */
export function pieceCount(length: number): number {
  return Math.max(1, Math.ceil(length / PIECE));
}

/** Cuts bytes in pieces of at most `PIECE`. */
export function* piecesOf({ data, file = '', offset = 0, length }: Bytes): Generator<Uint8Array> {
  if (data !== undefined) {
    for (let i = 0; i < pieceCount(length); i++) yield data.subarray(i * PIECE, (i + 1) * PIECE);
    return;
  }
  const descriptor = openSync(file, 'r');
  try {
    for (let i = 0; i < pieceCount(length); i++) {
      yield readAt(descriptor, offset + i * PIECE, Math.min(PIECE, length - i * PIECE));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Reads exactly so many bytes. @throws RangeError where the file is shorter. */
export function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    const read = readSync(descriptor, bytes, at, length - at, position + at);
    if (read === 0) throw new RangeError(`A file ended ${length - at} bytes too early`);
    at += read;
  }
  return bytes;
}

/** What stands before the colon of a row's text, and the bytes behind it. */
export function parsePiece(text: string): { head: string; bytes: Buffer } {
  const colon = text.indexOf(':');
  return { head: text.slice(0, colon), bytes: Buffer.from(text.slice(colon + 1), 'base64') };
}
