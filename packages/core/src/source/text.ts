import type { BytesChunk } from './chunk.js';

export { checkPaths, type FileInfo, type Paths } from './files/paths.js';

/** The lines of files, or blocks of them as bytes. */
export interface TextSource {
  readonly kind: 'text';
  readonly format: BytesChunk['format'];
  /** Of lines; UTF-8 if not given. */
  readonly encoding?: string;
  readonly paths: readonly string[];
}
