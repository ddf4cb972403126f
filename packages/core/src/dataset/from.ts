import { checkItems, type Items } from '../source/items.js';
import { rangeSource } from '../source/range.js';
import { checkPaths, type FileInfo } from '../source/text.js';
import { Dataset } from './dataset.js';

type Paths = string | readonly string[];

/** Records from an array, a typed array, or any iterable or async iterable; an iterable is pulled lazily. */
export function from<T>(items: Items<T>): Dataset<T> {
  checkItems(items);
  return new Dataset({ kind: 'source', source: { kind: 'items', items } });
}

/** The numbers from `start` (0) up to, but not including, `end`. A descriptor travels, not the numbers. */
export function range(end: number): Dataset<number>;
export function range(start: number, end: number, step?: number): Dataset<number>;
export function range(first: number, end?: number, step = 1): Dataset<number> {
  const source = end === undefined ? rangeSource(0, first, step) : rangeSource(first, end, step);
  return new Dataset({ kind: 'source', source });
}

/** The lines of text files (UTF-8; `.gz` and `.br` too), without their ends. Each child reads its own byte range. */
export function textLines(paths: Paths): Dataset<string> {
  return new Dataset({ kind: 'source', source: { kind: 'text', format: 'lines', paths: checkPaths(paths) } });
}

/** Whole lines as bytes, about a MiB a record: the fast path for hot loops. */
export function byteChunks(paths: Paths): Dataset<Uint8Array> {
  return new Dataset({
    kind: 'source',
    source: { kind: 'text', format: 'blocks', paths: checkPaths(paths) },
  });
}

/** One record a file. */
export function files(paths: Paths): Dataset<FileInfo> {
  return new Dataset({ kind: 'source', source: { kind: 'files', paths: checkPaths(paths) } });
}
