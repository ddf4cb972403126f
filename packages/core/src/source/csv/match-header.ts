import { suggestName } from '../../checks/nearest-name.js';
import { SourceError } from '../../errors.js';
import type { CsvFormat } from './csv-format.js';
import type { FileHead } from './file-head.js';
import type { RowColumn } from './row-steps.js';

/**
 * Where a file has the columns of the rows, by their names.
 *
 * @param common The header of the first file, where rows have all of its columns.
 * @throws SourceError for a column that is not there, or there twice, and for a header unlike the first file's.
 */
export function columnsIn(
  file: string,
  { names, delimiter }: FileHead,
  { columns, hasHeader }: CsvFormat,
  common: readonly string[],
): readonly RowColumn[] {
  if (!hasHeader) return columns!.map((column, field) => ({ ...column, field }));
  if (names === undefined) return [];
  if (columns === undefined) {
    checkDoubles(file, names, names);
    checkLike(file, names, common);
    return common.map((name) => ({ name, type: 'string', field: names.indexOf(name) }));
  }
  const wanted = columns.map(({ name }) => name);
  const missing = wanted.find((name) => !names.includes(name));
  if (missing !== undefined) throw missingColumn(file, missing, names, delimiter);
  checkDoubles(file, names, wanted);
  return columns.map((column) => ({ ...column, field: names.indexOf(column.name) }));
}

/** @throws SourceError for a name that two columns have. */
export function checkDoubles(file: string, names: readonly string[], used: readonly string[]): void {
  const double = used.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (double === undefined) return;
  const [one, other] = [names.indexOf(double) + 1, names.lastIndexOf(double) + 1];
  const message = `the header of ${file} has the column ${JSON.stringify(double)} twice, as its columns ${one} and ${other}`;
  throw new SourceError(`${message}: rename one, or name the columns that you need in columns`, { file });
}

function missingColumn(file: string, name: string, names: readonly string[], delimiter: string): SourceError {
  const message = `the header of ${file} has no column ${JSON.stringify(name)}: ${suggestName(name, names)}`;
  return new SourceError(`${message}${hint(names, delimiter)}`, { file });
}

/** What may be wrong where a header is one column. */
function hint(names: readonly string[], delimiter: string): string {
  const [only = ''] = names;
  const other = names.length > 1 ? undefined : [',', ';', '\t', '|'].find((one) => only.includes(one));
  if (other === undefined) return '; for files without a header give header: false';
  return `; it is one column, delimited by ${JSON.stringify(delimiter)}: is the delimiter ${JSON.stringify(other)}?`;
}

function checkLike(file: string, names: readonly string[], common: readonly string[]): void {
  const missing = common.filter((name) => !names.includes(name));
  const more = names.filter((name) => !common.includes(name));
  if (missing.length === 0 && more.length === 0) return;
  const what = [
    ...missing.slice(0, 3).map((name) => `${JSON.stringify(name)} is missing`),
    ...more.slice(0, 3).map((name) => `${JSON.stringify(name)} is not in that one`),
  ];
  const remedy = 'name the columns that all files have in columns, or give header: false where there is none';
  throw new SourceError(
    `the header of ${file} has other columns than that of the first file: ${what.join(', ')}: ${remedy}`,
    { file },
  );
}
