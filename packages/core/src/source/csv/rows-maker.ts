import { literalOf, type Method, type RowColumn } from './row-steps.js';

/** How the kernel takes a column. */
export type ColumnKind = 'TEXT' | 'NUMBER' | 'SLICE' | 'PLACE';

/** A column of rows in the memory of the kernel. */
export interface ScannedColumn extends RowColumn {
  readonly isLast: boolean;
  readonly method: Method;
  readonly kind: ColumnKind;
  /** Numbers of texts; 0 for a field that was left. */
  readonly ids: Uint16Array;
  /** NaN for a field that was left. */
  readonly values: Float64Array;
  /** Where fields begin that were left, and slices. */
  readonly places: Int32Array;
  /** Those of slices; negative for one in quotes, which was left. */
  readonly lengths: Int32Array;
  /** The texts by their numbers, from 1 on; null for one that means it. */
  readonly texts: (string | null)[];
}

/** Who reads the fields that the kernel has left. */
export interface Reader {
  readLeft(row: number, column: number): unknown;
  slice(from: number, length: number): string;
}

/** Puts the rows from one on and up to another into a list, from `at` on. */
export type MakeRows = (reader: Reader, rows: unknown[], at: number, from: number, to: number) => void;

/**
 * Makes the function that makes rows of what the kernel has taken. What was left of a row is read in the order of its fields, so that
 * the first one at fault is the one that is told.
 *
 * @throws EvalError where no code may be made from text.
 */
export function rowsMaker(columns: readonly ScannedColumn[]): MakeRows {
  const all = columns.map((column, i) => ({ ...column, i })).sort((a, b) => a.field - b.field);
  const viewed = all.filter(({ kind }) => kind !== 'PLACE');
  const numbers = all.filter(({ kind }) => kind === 'NUMBER');
  const others = all.filter(({ kind }) => kind !== 'NUMBER');
  const plain = [
    ...others.map(({ kind, i }) => `const v${i} = ${read(kind, i)};`),
    `rows[at + i] = ${literalOf(columns)};`,
  ];
  const careful = [
    ...all.map(({ kind, i }) =>
      kind === 'NUMBER'
        ? `const w${i} = v${i} === v${i} ? v${i} : reader.readLeft(i, ${i});`
        : `const w${i} = ${read(kind, i)};`,
    ),
    `rows[at + i] = ${literalOf(columns, 'w')};`,
  ];
  const arePlain = numbers.map(({ i }) => `v${i} === v${i}`).join(' && ');
  // The two are apart, so that V8 knows of each value whether it is a number.
  const row = numbers.length === 0 ? plain : [`if (${arePlain}) {`, ...plain, '} else {', ...careful, '}'];
  const text = [
    ...viewed.map(({ kind, i }) => `const ${views(kind, i)};`),
    'return (reader, rows, at, from, to) => {',
    'for (let i = from; i < to; i += 1) {',
    ...numbers.map(({ i }) => `const v${i} = values${i}[i];`),
    ...row,
    '} }',
  ];
  return made(text.join('\n'))(columns);
}

/** The makers by their texts: another run of the same plan has the same one, which V8 has compiled. */
const makers = new Map<string, (columns: readonly ScannedColumn[]) => MakeRows>();
const MOST_MAKERS = 64;

function made(text: string): (columns: readonly ScannedColumn[]) => MakeRows {
  const known = makers.get(text);
  if (known !== undefined) return known;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names are quoted, and all else is written here
  const make = new Function('columns', text) as (columns: readonly ScannedColumn[]) => MakeRows;
  if (makers.size >= MOST_MAKERS) makers.clear();
  makers.set(text, make);
  return make;
}

function views(kind: ColumnKind, i: number): string {
  const names = { TEXT: ['ids', 'texts'], NUMBER: ['values'], SLICE: ['places', 'lengths'], PLACE: [] }[kind];
  return `{ ${names.map((name) => `${name}: ${name}${i}`).join(', ')} } = columns[${i}]`;
}

/** The value of a field that is no number. */
function read(kind: ColumnKind, i: number): string {
  const left = `reader.readLeft(i, ${i})`;
  if (kind === 'TEXT') return `ids${i}[i] === 0 ? ${left} : texts${i}[ids${i}[i]]`;
  return kind === 'SLICE'
    ? `lengths${i}[i] < 0 ? ${left} : reader.slice(places${i}[i], lengths${i}[i])`
    : left;
}
