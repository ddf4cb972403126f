import { SourceError } from '../../errors.js';
import type { BytesChunk } from '../files/bytes-chunk.js';

/** How files begin that are no text in UTF-8. */
const marks: readonly [what: string, remedy: string, bytes: readonly number[]][] = [
  ['UTF-32', 'convert it to UTF-8, as with iconv', [0xff, 0xfe, 0, 0]],
  ['UTF-32', 'convert it to UTF-8, as with iconv', [0, 0, 0xfe, 0xff]],
  ['UTF-16', 'convert it to UTF-8, as with iconv -f UTF-16 -t UTF-8', [0xff, 0xfe]],
  ['UTF-16', 'convert it to UTF-8, as with iconv -f UTF-16 -t UTF-8', [0xfe, 0xff]],
  ['compressed by gzip', 'let its name end in .gz, or decompress it', [0x1f, 0x8b, 8]],
  ['compressed by zstd', 'let its name end in .zst, or decompress it', [0x28, 0xb5, 0x2f, 0xfd]],
  ['compressed by bzip2', 'decompress it', [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26]],
  ['compressed by xz', 'decompress it', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  ['a zip archive', 'unpack it', [0x50, 0x4b, 3, 4]],
  ['a Parquet file', 'read it by parquet', [0x50, 0x41, 0x52, 0x31, 0x15]],
];

/** 1 for each byte that one of them begins with. */
const suspects = new Uint8Array(256);
for (const [, , [byte]] of marks) suspects[byte!] = 1;

/**
 * Refuses text that by its first bytes is none in UTF-8: lines of it would be so much garbage.
 *
 * @throws SourceError that says what it is, and what to do.
 */
export function checkText(bytes: Uint8Array, { file, compression }: BytesChunk): void {
  if (suspects[bytes[0] ?? 0] === 0) return;
  for (const [what, remedy, mark] of marks) {
    if (mark.some((value, i) => bytes[i] !== value)) continue;
    const which = compression === 'none' ? file : `The text in ${file}`;
    throw new SourceError(`${which} is ${what} by its first bytes, and no text in UTF-8: ${remedy}`, {
      file,
      byte: 0,
    });
  }
}
