import * as zlib from 'node:zlib';
import type { ParquetWriteOptions } from 'hyparquet-writer';
import type { ParquetCodec } from '../write-options.js';

/** Node.js has it from 22.15 on. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Uint8Array };

type Codec = NonNullable<ParquetWriteOptions['codec']>;

/** Whether this version of Node.js compresses by zstd. */
export const hasZstd = zstdCompressSync !== undefined;

/** hyparquet-writer has SNAPPY itself. */
export const compressors = {
  GZIP: (bytes: Uint8Array): Uint8Array => zlib.gzipSync(bytes),
  // Brotli's highest quality, its default, takes a hundred times as long for a few per cent.
  BROTLI: (bytes: Uint8Array): Uint8Array =>
    zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
  ...(zstdCompressSync && { ZSTD: zstdCompressSync }),
};

export function nameOfCodec(codec: ParquetCodec): Codec {
  return codec.toUpperCase() as Codec;
}
