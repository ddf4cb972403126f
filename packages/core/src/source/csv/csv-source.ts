import type { FileChunk } from '../files/bytes-chunk.js';
import { cutFiles } from '../files/byte-ranges.js';
import { fileSource } from '../files/file-source.js';
import { expandPaths, type FoundFile } from '../files/paths.js';
import type { Cut, Source } from '../source.js';
import type { CsvFormat } from './csv-format.js';
import { readHead, unpackHead } from './file-head.js';
import { checkDoubles } from './match-header.js';

/** A part of CSV files, and what its rows have in common with those of the first file. */
export type CsvChunk = FileChunk & {
  /** The header of the first file, where it decides which columns rows have. */
  readonly header: readonly string[];
};

/** A byte range that is larger than any file. */
const WHOLE = Number.MAX_SAFE_INTEGER;

/**
 * CSV files, cut into byte ranges as all files of lines are, or into one chunk a file where fields may hold line ends. Where
 * rows have the columns of the header, that of the first file is read before a task begins.
 */
export function csvSource(paths: readonly string[], format: CsvFormat): Source {
  return {
    ...fileSource('csv', paths, format),
    async cut({ chunkBytes, ...options }): Promise<Cut> {
      const files = await expandPaths(paths, options.onLarge);
      const header = await commonHeader(files, format);
      const cut = cutFiles(files, { ...options, chunkBytes: format.multiline ? WHOLE : chunkBytes });
      function* chunks(): Generator<CsvChunk, void, undefined> {
        for (const chunk of cut.chunks as Iterable<FileChunk>) yield { ...chunk, header };
      }
      return { ...cut, chunks: { [Symbol.iterator]: chunks } };
    },
  };
}

async function commonHeader(files: readonly FoundFile[], format: CsvFormat): Promise<readonly string[]> {
  if (!format.hasHeader || format.columns !== undefined) return [];
  const first = files.find(({ size, isUnsized }) => size > 0 || isUnsized);
  if (first === undefined) return [];
  for (const chunk of cutFiles([first], { chunkBytes: WHOLE }).chunks as Iterable<FileChunk>) {
    if (chunk.kind !== 'bytes') continue;
    const head = chunk.compression === 'none' ? readHead(chunk, format) : await unpackHead(chunk, format);
    const names = head.names ?? [];
    checkDoubles(first.path, names, names);
    return names;
  }
  return [];
}
