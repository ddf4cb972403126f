import { SourceError } from '@forkfold/core';
import { expandPaths, type FoundFile, type Source } from '@forkfold/core/engine';
import { setImmediate } from 'node:timers/promises';
import { columnsOf, namesIn, type FileColumns } from './columns-of.js';
import { isExcluded } from './exclude.js';
import { readFooter, type Footer } from './footer.js';
import type { ParquetChunk, ParquetFormat, RowGroupPlace } from './format.js';

/** With more row groups than these, small ones share chunks: so many chunks balance any number of children. */
const MANY_GROUPS = 1024;
/** Row groups share a chunk up to so many bytes of their columns. */
const SHARED = 8 * 1024 * 1024;

/** Files whose footers are read before others have their turn. */
const AT_ONCE = 16;

/** A row group and how many bytes of it are read. */
interface Sized {
  readonly place: RowGroupPlace;
  readonly bytes: number;
}

/** Parquet files, cut into their row groups; those that the filter excludes are none. The parent reads footers only. */
export function parquetSource(paths: readonly string[], format: ParquetFormat): Source {
  return {
    name: 'parquet',
    identity: { paths, of: format },
    paths,
    async cut({ chunkBytes, onLarge }) {
      const files = await expandPaths(paths, onLarge);
      const groups: Sized[] = [];
      let common: readonly string[] | undefined;
      for (const [i, file] of files.entries()) {
        if (i % AT_ONCE === AT_ONCE - 1) await setImmediate();
        const footer = footerIn(file);
        if (format.columns === undefined) common ??= namesIn(footer);
        groups.push(...groupsOf(file, footer, format, columnsOf(file.path, footer, format, common)));
      }
      const chunks = joined(groups, chunkBytes).map((places): ParquetChunk => ({
        kind: 'row-groups',
        groups: places,
        ...(common && { common }),
      }));
      return { chunks, count: chunks.length, bytes: groups.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
  };
}

function footerIn({ path, size, id, isUnsized }: FoundFile): Footer {
  if (isUnsized) {
    throw new SourceError(
      `${path} has no size, as files have that a system makes up: copy it to a file first`,
      { file: path },
    );
  }
  return readFooter({ file: path, id, end: size });
}

function groupsOf(file: FoundFile, footer: Footer, { filter }: ParquetFormat, columns: FileColumns): Sized[] {
  const names = new Set([...columns.rows, ...columns.filter].map(({ name }) => name));
  const found: Sized[] = [];
  let before = 0;
  for (const [group, rowGroup] of footer.row_groups.entries()) {
    const rows = Number(rowGroup.num_rows);
    if (rows > 0 && !isExcluded(rowGroup, filter, columns.filter)) {
      const place = { file: file.path, id: file.id, end: file.size, group, before, rows };
      const read = rowGroup.columns.filter(({ meta_data }) => names.has(meta_data?.path_in_schema[0] ?? ''));
      const bytes = read.reduce((sum, { meta_data }) => sum + Number(meta_data!.total_compressed_size), 0);
      found.push({ place, bytes });
    }
    before += rows;
  }
  return found;
}

/**
 * The row groups by chunks: each by itself. With `chunkBytes` neighbours that have no more together share one; without it only those
 * of very many.
 */
function joined(groups: readonly Sized[], chunkBytes: number | undefined): RowGroupPlace[][] {
  const most = chunkBytes === undefined ? Math.ceil(groups.length / MANY_GROUPS) : Infinity;
  const limit = chunkBytes ?? SHARED;
  const chunks: RowGroupPlace[][] = [];
  let held = Infinity;
  for (const { place, bytes } of groups) {
    const last = chunks.at(-1);
    if (last !== undefined && last.length < most && held + bytes <= limit) {
      last.push(place);
      held += bytes;
    } else {
      chunks.push([place]);
      held = bytes;
    }
  }
  return chunks;
}
