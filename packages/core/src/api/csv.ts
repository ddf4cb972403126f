import { checkArguments, aBoolean, type Rule } from '../checks/check-arguments.js';
import { aSchema, type StandardSchema } from '../checks/standard-schema.js';
import { OptionError } from '../errors.js';
import type { CsvFormat } from '../source/csv/csv-format.js';
import { csvSource } from '../source/csv/csv-source.js';
import { checkPaths, type Paths } from '../source/files/paths.js';
import { encodingOf } from '../source/readers/encoding.js';
import { anEncoding } from './from.js';
import { columnsOf, someColumns } from './columns.js';
import type {
  CsvColumns,
  CsvOptions,
  CsvRow,
  CsvSchemaOptions,
  WithNulls,
  WithPartitions,
} from './csv-options.js';
import { aMark } from './csv-mark.js';
import { sourceDataset, type Dataset } from './dataset.js';
import { rowsRef, type WithPath } from './with-path.js';

const aDelimiter = aMark(';');

const rules: Readonly<Record<string, Rule>> = {
  header: aBoolean,
  columns: someColumns,
  schema: aSchema,
  delimiter: aDelimiter,
  quote: [
    'one character of ASCII, such as "\'", or false',
    (value) => value === false || (aDelimiter[1](value) && value !== ' '),
  ],
  decimal: ['"." or ","', (value) => value === '.' || value === ','],
  nulls: [
    'an array of texts',
    (value) => Array.isArray(value) && value.every((text) => typeof text === 'string'),
  ],
  comment: aMark('#'),
  multiline: aBoolean,
  ragged: ['"fail" or "fill"', (value) => value === 'fail' || value === 'fill'],
  encoding: anEncoding,
  partitionedBy: someColumns,
  withPath: aBoolean,
};

/**
 * The rows of CSV files, as plain objects, in the order of `textLines`, with the same paths, chunks and compressed files. What
 * RFC 4180 describes, and what spreadsheets, databases and pandas write: quoted fields with doubled quotes, LF or CRLF, a byte
 * order mark, `sep=`, other delimiters. Blank lines are no rows; spaces belong to the text; a quote inside a field that does not
 * begin with one is a character like any other.
 *
 * The types of `columns` type the rows. A text that a column repeats is one string in memory, and fields of columns that
 * `columns` leaves out cost next to nothing.
 *
 * A row with too few or too many fields, or with a field that is no value of its column, rejects the run with a `SourceError`
 * that names file, line, byte, column, value and rule; with `onError: 'skip'` it is left out, counted, and described in the
 * report. A quote that is open at the end of a line is an error in any case, as its row may go on (see `multiline`).
 *
 * With `withPath: true` records are pairs, `[path, row]`; with `partitionedBy` rows have the columns that directories say.
 *
 * @param paths As of `textLines`.
 * @throws OptionError for other paths or options; SourceError as `textLines` does, and for a file that is no CSV (UTF-16,
 *   HTML, binary data), or whose header lacks a column, has it twice, or is unlike that of the first file.
 * @example
 * const rows = csv('measurements/*.csv', {
 *   delimiter: ';',
 *   columns: { station: 'string', temperature: 'number' },
 * });
 * const means = rows.map(({ station, temperature }) => [station, temperature]).aggregateByKey(mean);
 * await means.toMap().run(); // -> Map(2) { 'Bonn' => 13.5, 'Hull' => 13 }
 */
export function csv<Row>(
  paths: Paths,
  options: CsvSchemaOptions<Row> & WithPath,
): Dataset<[path: string, row: Row]>;
export function csv<Row>(paths: Paths, options: CsvSchemaOptions<Row>): Dataset<Row>;
export function csv<const Columns extends CsvColumns, const By extends CsvColumns = []>(
  paths: Paths,
  options: CsvOptions & { readonly columns: Columns; readonly partitionedBy?: By } & WithNulls & WithPath,
): Dataset<[path: string, row: WithPartitions<CsvRow<Columns, null>, By>]>;
export function csv<const Columns extends CsvColumns, const By extends CsvColumns = []>(
  paths: Paths,
  options: CsvOptions & { readonly columns: Columns; readonly partitionedBy?: By } & WithNulls,
): Dataset<WithPartitions<CsvRow<Columns, null>, By>>;
export function csv<const Columns extends CsvColumns, const By extends CsvColumns = []>(
  paths: Paths,
  options: CsvOptions & { readonly columns: Columns; readonly partitionedBy?: By } & WithPath,
): Dataset<[path: string, row: WithPartitions<CsvRow<Columns>, By>]>;
export function csv<const Columns extends CsvColumns, const By extends CsvColumns = []>(
  paths: Paths,
  options: CsvOptions & { readonly columns: Columns; readonly partitionedBy?: By },
): Dataset<WithPartitions<CsvRow<Columns>, By>>;
export function csv(
  paths: Paths,
  options: CsvOptions & WithNulls & WithPath,
): Dataset<[path: string, row: Record<string, string | null>]>;
export function csv(paths: Paths, options: CsvOptions & WithNulls): Dataset<Record<string, string | null>>;
export function csv<Row = Record<string, string>>(
  paths: Paths,
  options: CsvOptions & WithPath,
): Dataset<[path: string, row: Row]>;
export function csv<Row = Record<string, string>>(paths: Paths, options?: CsvOptions): Dataset<Row>;
export function csv(
  paths: Paths,
  options: CsvOptions & { readonly schema?: StandardSchema | undefined; readonly withPath?: boolean } = {},
): Dataset<unknown> {
  const checked = checkPaths(paths);
  checkArguments('csv', options, rules);
  const format = formatOf(options);
  return sourceDataset(csvSource(checked, format), rowsRef('csvRows', [format], options));
}

/** @throws OptionError for options that do not go together. */
function formatOf(options: CsvOptions): CsvFormat {
  const { header = true, delimiter = ',', quote = '"', decimal = '.', comment, encoding = 'utf-8' } = options;
  const columns = options.columns === undefined ? undefined : columnsOf('columns', options.columns);
  if (!header && columns === undefined) {
    throw new OptionError(
      "Without a header the columns must be named, in their order: columns: ['station', 'temperature']",
      'columns',
    );
  }
  const marks = { delimiter, quote: quote === false ? undefined : quote, comment };
  const used = Object.entries(marks).filter(([, mark]) => mark !== undefined);
  for (const [i, [name, mark]] of used.entries()) {
    const other = used.slice(0, i).find(([, before]) => before === mark);
    if (other !== undefined)
      throw new OptionError(`"${other[0]}" and "${name}" are both ${JSON.stringify(mark)}`, name);
  }
  checkOrder(options);
  const known = encodingOf(encoding)!;
  checkMarks(known, marks);
  return {
    hasHeader: header,
    columns,
    ...marks,
    decimal,
    nulls: options.nulls ?? [],
    multiline: options.multiline ?? false,
    fills: options.ragged === 'fill',
    encoding: known === 'utf-8' ? undefined : known,
  };
}

/** An object has names that are integers first, whatever the order in which they are written. @throws OptionError */
function checkOrder({ header, columns }: CsvOptions): void {
  if (header !== false || columns === undefined || Array.isArray(columns)) return;
  const number = Object.keys(columns).find((name) => /^\d+$/.test(name));
  if (number === undefined) return;
  throw new OptionError(
    `Without a header the order of "columns" counts, and an object does not keep that of ${JSON.stringify(number)}: give it a name that is no integer`,
    'columns',
  );
}

/** Encodings in which a character may end in a byte that is one of ASCII by itself, from `@` on. */
const tailing: readonly string[] = ['shift_jis', 'big5', 'gbk', 'gb18030', 'euc-kr', 'euc-jp'];

/** @throws OptionError for a mark that may be a part of a character. */
function checkMarks(encoding: string, marks: Readonly<Record<string, string | undefined>>): void {
  if (!tailing.includes(encoding)) return;
  const found = Object.entries(marks).find(([, mark]) => mark !== undefined && mark >= '@');
  if (found === undefined) return;
  const [name, mark] = found;
  throw new OptionError(
    `In ${encoding} ${JSON.stringify(mark)} may be a part of another character, and is no ${name}: convert the file to UTF-8`,
    name,
  );
}
