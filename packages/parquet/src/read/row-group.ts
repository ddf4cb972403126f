import {
  parquetScan,
  type AsyncBuffer,
  type DecodedArray,
  type ParquetParsers,
  type SchemaElement,
} from 'hyparquet';
import { checkCodec, codecs } from './codecs.js';
import type { FileColumn } from './columns-of.js';
import { checkPlain, damaged, type Footer } from './footer.js';
import type { ParquetFormat } from './format.js';
import { finisher, storedElements } from './nested.js';
import { Unreadable, unreadable } from './values.js';

/** The values of a column in a row group, before they are finished for rows. */
export interface ColumnValues {
  readonly values: ArrayLike<unknown>;
  /** What is made of each for a row, unless it is null. */
  readonly finish: ((value: never) => unknown) | undefined;
}

/** Where a row group's bytes are. */
export interface GroupBytes {
  readonly file: string;
  readonly footer: Footer;
  /** Number of the row group. */
  readonly group: number;
  readonly bytes: AsyncBuffer;
}

/**
 * Reads the values of a column in a row group, by its byte range.
 *
 * @throws SourceError for what is encrypted, compressed by another codec, damaged, or more than its type holds.
 */
export async function readColumn(
  place: GroupBytes,
  column: FileColumn,
  format: ParquetFormat,
): Promise<ColumnValues> {
  const { file, footer, group, bytes } = place;
  const { name } = column;
  const rowGroup = footer.row_groups[group]!;
  for (const chunk of rowGroup.columns) {
    if (chunk.meta_data && chunk.meta_data.path_in_schema[0] !== name) continue;
    checkPlain(file, name, chunk);
    checkCodec(file, name, chunk.meta_data?.codec);
  }
  const rows = Number(rowGroup.num_rows);
  const read = asRead(column, format);
  const metadata: Footer = {
    ...footer,
    schema: footer.schema.map((element) => read.elements.get(element) ?? element),
    row_groups: [rowGroup],
  };
  let values: DecodedArray;
  try {
    const { parsers } = read;
    const scan = await parquetScan({
      file: bytes,
      metadata,
      columns: [name],
      parsers,
      compressors: codecs,
      utf8: false,
      useOffsetIndex: false,
    });
    values = await scan.readColumn({ column: name, rowStart: 0, rowEnd: rows });
  } catch (error) {
    if (error instanceof Unreadable) throw unreadable(file, name, error);
    throw damaged(file, `row group ${group}, column ${JSON.stringify(name)}`, error);
  }
  if (values.length < rows) {
    const found = new Error(`it has ${values.length} of ${rows} values`);
    throw damaged(file, `row group ${group}, column ${JSON.stringify(name)}`, found);
  }
  const { finish } = read;
  if (finish === undefined || column.type !== 'value') return { values, finish };
  return { values, finish: (value) => finished(file, name, value, finish) };
}

function finished(file: string, name: string, value: never, finish: (value: never) => unknown): unknown {
  try {
    return finish(value);
  } catch (error) {
    if (error instanceof Unreadable) throw unreadable(file, name, error);
    throw damaged(file, `a value of the column ${JSON.stringify(name)}`, error);
  }
}

interface AsRead {
  readonly elements: ReadonlyMap<SchemaElement, SchemaElement>;
  readonly parsers: Partial<ParquetParsers>;
  readonly finish: ((value: never) => unknown) | undefined;
}

/**
 * hyparquet converts the values of a dictionary once, where it converts timestamps: so the column is said to be one of these, and
 * what is made of a timestamp is what the column is to become.
 */
function asRead({ tree, leaf }: FileColumn, format: ParquetFormat): AsRead {
  if (leaf === undefined) {
    const parsers = { timestampFromNanoseconds: (nanos: bigint) => nanos };
    return { elements: storedElements(tree, format), parsers, finish: finisher(tree, format) };
  }
  const { element, convert, finish } = leaf;
  if (convert === undefined) return { elements: new Map([[tree.element, element]]), parsers: {}, finish };
  const converted: SchemaElement = {
    ...element,
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  };
  const parse = convert as (stored: bigint) => unknown;
  return {
    elements: new Map([[tree.element, converted]]),
    parsers: { timestampFromMilliseconds: parse, timestampFromNanoseconds: parse },
    finish,
  };
}
