import * as zlib from 'node:zlib';
import { SourceError } from '@forkfold/core';
import type { Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** Node.js has it from 22.15 on. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };

/** What Node.js decompresses by itself it does several times faster. */
export const codecs: Compressors = {
  ...compressors,
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
  ...(zstdDecompressSync && { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) }),
};

/** @throws SourceError for a column that is compressed by what nobody here knows. */
export function checkCodec(file: string, column: string, codec: string | undefined): void {
  if (codec === 'UNCOMPRESSED' || Object.hasOwn(codecs, codec ?? '')) return;
  const name = codec ?? 'a codec that is newer than this version';
  const known = Object.keys(codecs).join(', ');
  throw new SourceError(
    `${file}: the column ${JSON.stringify(column)} is compressed by ${name}: write the file with one of ${known}, or name other ` +
      'columns in columns',
    { file },
  );
}
