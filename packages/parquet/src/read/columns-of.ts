import { types as nodeTypes } from 'node:util';
import { OptionError, SourceError } from '@forkfold/core';
import { suggestName } from '@forkfold/core/engine';
import { parquetSchema, type SchemaTree } from 'hyparquet';
import type { ParquetColumnType } from '../parquet-options.js';
import type { Footer } from './footer.js';
import type { ParquetFormat, WantedColumn } from './format.js';
import { nameOf, waysOf, type Leaf } from './leaf.js';

/** A column of a file, at the top of its schema, and how it is read. */
export interface FileColumn {
  readonly name: string;
  readonly type: ParquetColumnType;
  readonly tree: SchemaTree;
  /** How its values are read, unless it is nested. */
  readonly leaf: Leaf | undefined;
}

/** What the columns of rows are in a file, and those that the filter names, which rows need not have. */
export interface FileColumns {
  readonly rows: readonly FileColumn[];
  readonly filter: readonly FileColumn[];
}

/** The names of the columns of a file, in its order. */
export function namesIn(footer: Footer): readonly string[] {
  return parquetSchema(footer).children.map(({ element }) => element.name);
}

/**
 * Finds the columns that are wanted in a file.
 *
 * @param common The columns of the first file, where rows have all of them.
 * @throws SourceError for a column that is not there, or is of another type, and for columns unlike the first file's.
 */
export function columnsOf(
  file: string,
  footer: Footer,
  format: ParquetFormat,
  common: readonly string[] = [],
): FileColumns {
  const { children } = parquetSchema(footer);
  const trees = new Map(children.map((tree) => [tree.element.name, tree]));
  const names = [...trees.keys()];
  if (format.columns === undefined) checkLike(file, names, common);
  const wanted = format.columns ?? common.map((name): WantedColumn => ({ name }));
  const find = (column: WantedColumn, of: string): FileColumn => {
    const tree = trees.get(column.name);
    if (tree !== undefined) return columnOf(file, tree, column, format);
    const hint = suggestName(column.name, names);
    throw new SourceError(`${file} has no column ${JSON.stringify(column.name)}${of}: ${hint}`, { file });
  };
  const rows = wanted.map((column) => find(column, ''));
  const filtered = [...new Set(format.filter.flat().map(({ column }) => column))];
  const filter = filtered.map((name) => {
    const column = rows.find((one) => one.name === name) ?? find({ name }, ', which the filter names');
    // Texts of decimals have another order.
    const isDecimal = column.type === 'string' && /DECIMAL/.test(nameOf(column.tree.element));
    return isDecimal ? columnOf(file, column.tree, { name, type: 'number' }, format) : column;
  });
  for (const column of filter) checkFilter(file, column, format);
  return { rows, filter };
}

/** What values of each type are compared with. */
const comparedWith: Partial<Readonly<Record<ParquetColumnType, readonly string[]>>> = {
  string: ['string'],
  number: ['number', 'bigint'],
  bigint: ['number', 'bigint'],
  boolean: ['boolean'],
  date: ['object'],
};

/** @throws SourceError for a column that cannot be compared; OptionError for one that is compared with a value of another type. */
function checkFilter(file: string, { name, type, leaf, tree }: FileColumn, { filter }: ParquetFormat): void {
  const types = leaf && comparedWith[type];
  if (types === undefined) {
    const what = `it is ${nameOf(tree.element)}, and a filter compares texts, numbers, booleans and dates`;
    const remedy = 'use filter((row) => ...) of the dataset';
    throw new SourceError(`${file}: no filter for the column ${JSON.stringify(name)}: ${what}; ${remedy}`, {
      file,
    });
  }
  for (const { column, operator, values } of filter.flat()) {
    const other =
      column === name ? values.find((value) => value !== null && !types.includes(typeof value)) : undefined;
    if (other === undefined) continue;
    const wanted = type === 'date' ? 'a Date' : `a ${types.join(' or a ')}`;
    const got = nodeTypes.isDate(other) ? 'a Date' : `${JSON.stringify(String(other))} (${typeof other})`;
    throw new OptionError(
      `Expected filter.${name}.${operator} to be ${wanted}, as the column is in ${file}, got ${got}`,
      'filter',
    );
  }
}

function columnOf(
  file: string,
  tree: SchemaTree,
  { name, type }: WantedColumn,
  format: ParquetFormat,
): FileColumn {
  const { element, children } = tree;
  const column = { file, name };
  if (children.length > 0 || element.repetition_type === 'REPEATED') {
    if (type === undefined || type === 'value') return { name, type: 'value', tree, leaf: undefined };
    throw otherType(column, type, `nested (${nameOf(element)})`, ['value']);
  }
  const ways = waysOf(element, format);
  const leaf = type === undefined || type === 'value' ? ways[0] : ways.find((way) => way.type === type);
  if (leaf === undefined) throw otherType(column, type!, nameOf(element), ways.map((way) => way.type)); // prettier-ignore
  return { name, type: leaf.type, tree, leaf };
}

function otherType(
  { file, name }: { readonly file: string; readonly name: string },
  type: string,
  what: string,
  types: readonly string[],
): SourceError {
  const remedy = types.map((one) => JSON.stringify(one)).join(' or ');
  return new SourceError(
    `${file}: the column ${JSON.stringify(name)} is ${what}, and not to be read as ${JSON.stringify(type)}: read it as ${remedy}`,
    { file },
  );
}

function checkLike(file: string, names: readonly string[], common: readonly string[]): void {
  const missing = common.filter((name) => !names.includes(name));
  const more = names.filter((name) => !common.includes(name));
  if (missing.length === 0 && more.length === 0) return;
  const what = [
    ...missing.slice(0, 3).map((name) => `${JSON.stringify(name)} is missing`),
    ...more.slice(0, 3).map((name) => `${JSON.stringify(name)} is not in that one`),
  ].join(', ');
  throw new SourceError(
    `${file} has other columns than the first file: ${what}: name the columns that all files have in columns`,
    { file },
  );
}
