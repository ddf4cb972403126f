import { types } from 'node:util';
import { SEPARATOR_LINE } from '../../source/csv/csv-format.js';
import { preview } from '../../values/preview.js';
import type { PartEncoder, PartFormat } from './part-format.js';

/** How CSV is written: plain data, all that a child must know. */
export interface CsvLayout {
  readonly header: boolean;
  readonly delimiter: string;
  readonly quote: string;
  /** The keys that are written, in order; those of the first record of a part where it is not given. */
  readonly columns: readonly string[] | undefined;
  /** The text of null and undefined. */
  readonly nulls: string;
}

/** Writes records as rows of CSV, which `csv` and others read back: see `writeCsv`. */
export function csvPart(layout: CsvLayout): PartFormat {
  return { open: () => csvEncoder(layout) };
}

function csvEncoder(layout: CsvLayout): PartEncoder {
  const { header, delimiter } = layout;
  const quoted = quoting(layout);
  let columns = layout.columns;
  let hasBegun = false;

  function line(fields: readonly string[]): string {
    // A blank line would be no row.
    if (fields.length === 1 && fields[0] === '') {
      throw new TypeError(
        'a row of one column that is null would be a blank line: give nulls, such as nulls: "NULL"',
      );
    }
    return `${fields.join(delimiter)}\n`;
  }

  /** The first line of a part, in which texts may say something else than a row. */
  function firstLine(fields: readonly string[]): string {
    const text = line(fields);
    if (!(text as string & { isWellFormed(): boolean }).isWellFormed()) {
      throw new TypeError('the name of a column holds a lone surrogate, which UTF-8 cannot write: rename it');
    }
    if (!SEPARATOR_LINE.test(text)) return text;
    throw new TypeError(
      `a first line ${text.trimEnd()} would be no row, but say what separates fields: ${header ? 'rename the column' : 'give header: true'}`,
    );
  }

  return {
    encode(record) {
      if (typeof record !== 'object' || record === null) {
        throw new TypeError(
          `writeCsv takes objects, or arrays where columns are named, not ${preview(record, 80)}`,
        );
      }
      const names = columns ?? columnsOf(record);
      const values = Array.isArray(record) ? (record as readonly unknown[]) : valuesOf(record, names);
      if (values.length !== names.length) {
        throw new TypeError(`a record has ${values.length} values, and there are ${names.length} columns`);
      }
      const fields = values.map((value, i) => fieldOf(value, names[i]!, layout.nulls, quoted));
      const row = hasBegun || header ? line(fields) : firstLine(fields);
      const head = hasBegun || !header ? '' : firstLine(names.map((name) => quoted(name)));
      columns = names;
      hasBegun = true;
      return head + row;
    },
  };
}

function columnsOf(record: object): readonly string[] {
  if (Array.isArray(record)) {
    throw new TypeError(
      "a record that is an array has no names: give columns, as in columns: ['word', 'count']",
    );
  }
  const names = Object.keys(record);
  if (names.length === 0) throw new TypeError('a record without keys has no columns: give columns');
  return names;
}

function valuesOf(record: object, names: readonly string[]): readonly unknown[] {
  const values = names.map((name) =>
    Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : null,
  );
  const other = Object.keys(record).find((key) => !names.includes(key));
  if (other === undefined) return values;
  throw new TypeError(
    `record.${other} would be lost: the columns are those of the first record, ${names.join(', ')}; name all of them in columns`,
  );
}

/** The text of a value, which reads back as it was. */
function fieldOf(value: unknown, name: string, nulls: string, quoted: (text: string) => string): string {
  switch (typeof value) {
    case 'string':
      if (!(value as string & { isWellFormed(): boolean }).isWellFormed()) {
        throw new TypeError(
          `record.${name} holds a lone surrogate, which UTF-8 cannot write: map it with toWellFormed()`,
        );
      }
      return quoted(value);
    case 'number':
      return quoted(Object.is(value, -0) ? '-0' : String(value));
    case 'bigint':
    case 'boolean':
      return quoted(String(value));
    case 'undefined':
      return nulls;
    default:
      if (value === null) return nulls;
      if (types.isDate(value) && !Number.isNaN(value.getTime())) return quoted(value.toISOString());
      throw new TypeError(
        `record.${name} is ${preview(value, 80)}, for which CSV has no field: map it to a text first, as with JSON.stringify`,
      );
  }
}

/** Puts a text in quotes where it would be something else without: another field, the end of a row, or null. */
function quoting({ delimiter, quote, nulls }: CsvLayout): (text: string) => string {
  const special = [delimiter, quote, '\n', '\r'];
  return (text) =>
    text === '' ||
    text === nulls ||
    text.startsWith('\ufeff') ||
    /^sep=/i.test(text) ||
    special.some((one) => text.includes(one))
      ? `${quote}${text.replaceAll(quote, quote + quote)}${quote}`
      : text;
}
