import * as zlib from 'node:zlib';
import { SourceError } from '@forkfold/core';
import type { CompressionCodec, Compressors } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { zstdDecoder } from './zstd-decoder.js';

/** Node.js has it from 22.15 on. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };

/** What Node.js decompresses by itself it does several times faster. */
export const codecs: Compressors = {
  ...compressors,
  GZIP: (bytes) => zlib.gunzipSync(bytes),
  BROTLI: (bytes) => zlib.brotliDecompressSync(bytes),
  ...(zstdDecompressSync && { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) }),
};

let zstd: Promise<void> | undefined;

/** Loads what decompresses a codec, in three milliseconds, which others need not; to be awaited before its pages are. */
export function loadCodec(codec: CompressionCodec): Promise<void> | undefined {
  if (codec !== 'ZSTD' || zstdDecompressSync !== undefined) return undefined;
  return (zstd ??= zstdDecoder().then(
    (decode) => {
      codecs.ZSTD = decode;
    },
    // Where no WebAssembly may run, JavaScript does the same in four times the time.
    () => undefined,
  ));
}

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
