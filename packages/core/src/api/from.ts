import { own } from '../module-ref.js';
import { fileListSource } from '../source/file-list.js';
import { fileSource } from '../source/files/file-source.js';
import { checkPaths, type FileInfo, type Paths } from '../source/files/paths.js';
import { checkItems, itemsSource, type Items } from '../source/items.js';
import { rangeSource } from '../source/range.js';
import { encodingOf } from '../source/readers/encoding.js';
import { sourceDataset, type Dataset } from './dataset.js';
import { readerRef, type WithPath } from './with-path.js';
import { aBoolean, checkArguments, type Rule } from '../checks/check-arguments.js';

/**
 * Records from an array, a typed array, or any iterable or async iterable (Node and web streams too), in their order. The
 * items travel to the children in chunks. An array or a typed array is cut into about 1024 chunks of 1 to 16,384 items; an
 * iterable is pulled lazily, as results are taken, in chunks that grow from 1 to 256 items. `chunkSize` sets both.
 *
 * Each run takes an array, a typed array, a `Map` or a `Set` as it is at the call of `run` (or the first step of `stream`), by
 * a copy of it: what is added, removed or replaced later does not matter. The items themselves are read until it ends.
 *
 * A one-shot iterator or stream serves one run; give a function that makes a new one for more. An error that the
 * iterable throws rejects the run as it is.
 *
 * @throws OptionError for anything else, and for a string, whose characters nobody means.
 * @example
 * await from(['a', 'b']).map((letter) => letter.toUpperCase()).toArray().run(); // -> [ 'A', 'B' ]
 */
export function from<T>(items: Items<T>): Dataset<T> {
  checkItems(items);
  return sourceDataset(itemsSource(items), { module: own.readers, name: 'items' });
}

/**
 * The numbers from `start` (default 0) up to, but not including, `end`, in steps of `step` (default 1; it may be negative or a
 * fraction). A descriptor travels, not the numbers: a billion cost nothing to ship. About 1024 chunks of at most 2 ** 20.
 *
 * @throws OptionError for a number that is not finite, a step of 0, or more than 2 ** 53 - 1 numbers.
 * @example
 * await range(10, 0, -3).toArray().run(); // -> [ 10, 7, 4, 1 ]
 */
export function range(end: number): Dataset<number>;
export function range(start: number, end: number, step?: number): Dataset<number>;
export function range(first: number, end?: number, step = 1): Dataset<number> {
  const source = end === undefined ? rangeSource(0, first, step) : rangeSource(first, end, step);
  return sourceDataset(source, { module: own.readers, name: 'range' });
}

/** How `textLines` reads. */
export interface TextLinesOptions {
  /**
   * The label of the text's encoding, of those that `TextDecoder` knows, such as `latin1` (which stands for windows-1252),
   * `gb18030` or `shift_jis`; not `utf-16` and `iso-2022-jp`, whose lines cannot be told apart by their bytes.
   * @default 'utf-8'
   */
  readonly encoding?: string;
}

/** What `encoding` must be. */
export const anEncoding: Rule = [
  'the label of an encoding with line ends of one byte, such as "utf-8" or "latin1"',
  (label) => encodingOf(label) !== undefined,
];

/**
 * The lines of text files, without their ends (LF or CRLF); files in the order of their absolute paths. Each child reads its
 * own byte ranges; the parent never touches the data. UTF-8, or `encoding`, as the WHATWG decoder reads it: bytes that are
 * no such text become U+FFFD, a BOM is dropped. `.gz`, `.br` and (from Node 22.15) `.zst` files are decompressed in the
 * child, each as one chunk. Other files are cut into a 1024th of all input a chunk, from 256 KiB to 8 MiB; `chunkBytes`
 * sets it.
 *
 * Missing paths, globs without a match, folders below a glob that may not be read and directories are a `SourceError` before
 * any task begins, and so is, later, a file that has shrunk, vanished or been replaced, UTF-16 and compressed text under
 * another name (by the first bytes), and a line of 512 MiB or more. A file whose size is told as 0 although it has text, as in
 * procfs, is read to its end.
 *
 * With `withPath: true` records are pairs, `[path, line]`.
 *
 * @param paths A path, a glob or a `file:` URL, or an array of them. A name that exists is no glob; a backslash has a character
 *   of a glob stand for itself. Links below `**` lead to each file once, and out of the folder only where they are named.
 * @throws OptionError for anything else.
 * @example
 * await textLines('books/*.txt').filter((line) => line.includes('!')).toArray().run(); // -> [ 'Oh dear! Oh dear!', 'The whale! The whale!' ]
 * const lines = textLines('books/*.txt', { withPath: true }).map(([path, line]) => [path.slice(-8), line.length]);
 * await lines.first().run(); // -> [ 'lice.txt', 20 ]
 */
export function textLines(
  paths: Paths,
  options: TextLinesOptions & WithPath,
): Dataset<[path: string, line: string]>;
export function textLines(paths: Paths, options?: TextLinesOptions): Dataset<string>;
export function textLines(
  paths: Paths,
  options: TextLinesOptions & { readonly withPath?: boolean } = {},
): Dataset<unknown> {
  const checked = checkPaths(paths);
  checkArguments('textLines', options, { encoding: anEncoding, withPath: aBoolean });
  const encoding = encodingOf(options.encoding ?? 'utf-8')!;
  const args = encoding === 'utf-8' ? [] : [encoding];
  const source = fileSource('textLines', checked, encoding);
  return sourceDataset(source, readerRef('lines', args, options.withPath));
}

/**
 * The same files as `textLines`, as blocks of whole lines, line ends included, of about 1 MiB a record and at most
 * `chunkBytes`: for hot loops that need no strings. Joined, the records of a file are its (decompressed) bytes.
 *
 * @throws OptionError, SourceError as `textLines` does.
 * @example
 * const lineFeeds = byteChunks('books/*.txt').map((bytes) => bytes.filter((byte) => byte === 10).length);
 * await lineFeeds.reduce((a, b) => a + b).run(); // -> 4
 */
export function byteChunks(paths: Paths): Dataset<Uint8Array> {
  const source = fileSource('byteChunks', checkPaths(paths));
  return sourceDataset(source, { module: own.readers, name: 'blocks', arguments: [] });
}

/**
 * One record a file, `{ path, size }`, in the order of the absolute paths; the function that gets it reads the file. One
 * chunk a file unless `chunkSize` says otherwise.
 *
 * @throws OptionError, SourceError as `textLines` does.
 * @example
 * const sizes = files('books/*.txt').map(({ path, size }) => [path.replace(/.*\//, ''), size]);
 * await sizes.toMap().run(); // -> Map(2) { 'alice.txt' => 39, 'moby-dick.txt' => 39 }
 */
export function files(paths: Paths): Dataset<FileInfo> {
  return sourceDataset(fileListSource(checkPaths(paths)), { module: own.readers, name: 'items' });
}
