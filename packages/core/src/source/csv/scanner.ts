import { decoderOf } from '../readers/encoding.js';
import type { CsvFormat } from './csv-format.js';
import { dateOf } from './date-field.js';
import { RowFault } from './row-fault.js';
import { fastNumber, slowNumber } from './number-field.js';
import { TextTable } from './text-table.js';

const [LF, CR] = [10, 13];
/** No byte is this one. */
const NONE = -1;
/** A longer text is hardly one that a column repeats. */
const MOST_INTERNED = 64;

/** A row is not complete in the bytes that are there: a quoted field of it goes on. */
export class OpenQuote extends Error {}

/**
 * Takes the fields of rows out of bytes, one after the other: a caller asks for each field of a row in turn, and says which is
 * the last. A repeated text is one string, a plain decimal becomes a number without a text of its own, and of a field that is
 * skipped nothing is made.
 */
export class Scanner {
  /** Where the next field begins. */
  at = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #isEnded = true;
  /** The bytes as Latin-1, once a field needs them. */
  #text: string | undefined;
  // Where the field is that was taken last, without its quotes.
  #from = 0;
  #to = 0;
  #isQuoted = false;
  #hasQuotes = false;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #point: number;
  readonly #format: CsvFormat;
  readonly #names: readonly string[];
  readonly #nulls: readonly Buffer[];
  readonly #decode: (bytes: Buffer) => string;
  readonly #tables: TextTable[] = [];

  /** @param names Those of the fields, for messages. */
  constructor(format: CsvFormat, delimiter: string, names: readonly string[]) {
    this.#format = format;
    this.#names = names;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = format.quote?.charCodeAt(0) ?? NONE;
    this.#point = format.decimal.charCodeAt(0);
    this.#nulls = format.nulls.map((text) => Buffer.from(text));
    const { encoding } = format;
    this.#decode = encoding === undefined ? (bytes) => bytes.toString('utf8') : decoderOf(encoding);
  }

  /**
   * Begins at `at` of other bytes, the last of which, before `end`, is a LF.
   *
   * @param isEnded Whether that LF is one of the file, and no CR before it a part of the last field.
   */
  open(bytes: Buffer, at: number, end: number, isEnded = true): void {
    [this.#bytes, this.at, this.#end, this.#isEnded, this.#text] = [bytes, at, end, isEnded, undefined];
  }

  text(field: number, isLast: boolean): string | null {
    this.#take(field, isLast);
    const [from, to] = [this.#from, this.#to];
    if (this.#nulls.length > 0 && !this.#isQuoted && this.#isNull(from, to)) return null;
    if (from === to) return '';
    const text = to - from > MOST_INTERNED ? this.#plainText(from, to) : this.#tableText(field, from, to);
    return this.#hasQuotes ? this.#unescaped(text) : text;
  }

  number(field: number, isLast: boolean): number | null {
    this.#take(field, isLast);
    const value = fastNumber(this.#bytes, this.#from, this.#to, this.#point);
    return value === value ? value : this.#otherNumber(field);
  }

  bigint(field: number, isLast: boolean): bigint | null {
    const text = this.#trimmed(field, isLast);
    if (text === null) return null;
    if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace('+', ''));
    throw this.#wrong(field, 'an integer');
  }

  boolean(field: number, isLast: boolean): boolean | null {
    const text = this.#trimmed(field, isLast);
    if (text === null) return null;
    const value = booleans.get(text.toLowerCase());
    if (value === undefined) throw this.#wrong(field, 'true or false, t or f, 1 or 0');
    return value;
  }

  date(field: number, isLast: boolean): Date | null {
    const text = this.#trimmed(field, isLast);
    if (text === null) return null;
    const time = dateOf(text);
    if (time === time) return new Date(time);
    throw this.#wrong(field, 'a date such as 2024-05-01 or 2024-05-01T12:30:00Z');
  }

  /** Passes over some fields, the first of which is `field`. */
  skip(field: number, count: number, isLast: boolean): void {
    for (let i = 1; i < count; i += 1) this.#take(field + i - 1, false);
    this.#take(field + count - 1, isLast);
  }

  /** All fields of the row, as texts. */
  fields(): string[] {
    const fields: string[] = [];
    for (let isOver = false; !isOver;) {
      isOver = this.#scan(fields.length) === LF;
      if (isOver) this.#cutReturn();
      const text = this.#plainText(this.#from, this.#to);
      fields.push(this.#hasQuotes ? this.#unescaped(text) : text);
    }
    return fields;
  }

  /** The text of some bytes, for messages. */
  textOf(from: number, to: number): string {
    return this.#decode(this.#bytes.subarray(from, to));
  }

  /** Takes the next field, and checks that the row ends with it, or does not. */
  #take(field: number, isLast: boolean): void {
    if (this.#scan(field) !== LF) {
      if (isLast) throw this.#tooMany();
    } else if (isLast) this.#cutReturn();
    else throw this.#tooFew(field);
  }

  /** Takes the next field, and gives the byte that ends it. */
  #scan(field: number): number {
    const bytes = this.#bytes;
    let i = this.at;
    let byte = bytes[i]!;
    if (byte === this.#quote) return this.#scanQuoted(field);
    const delimiter = this.#delimiter;
    this.#from = i;
    while (byte !== delimiter && byte !== LF) {
      i += 1;
      byte = bytes[i]!;
    }
    this.#to = i;
    this.at = i + 1;
    this.#isQuoted = false;
    this.#hasQuotes = false;
    return byte;
  }

  /** The CR of a CRLF is no part of the last field. */
  #cutReturn(): void {
    const { at } = this;
    if (!this.#isEnded && at === this.#end) return;
    if (this.#to === at - 1 && this.#to > this.#from && this.#bytes[at - 2] === CR) this.#to -= 1;
  }

  #scanQuoted(field: number): number {
    const bytes = this.#bytes;
    const quote = this.#quote;
    const { multiline } = this.#format;
    let i = this.at + 1;
    this.#from = i;
    this.#isQuoted = true;
    this.#hasQuotes = false;
    for (;;) {
      const byte = bytes[i];
      if (i >= this.#end || (byte === LF && !multiline)) throw new OpenQuote(this.#nameOf(field));
      if (byte === quote) {
        if (bytes[i + 1] !== quote) break;
        this.#hasQuotes = true;
        i += 1;
      }
      i += 1;
    }
    this.#to = i;
    i += bytes[i + 1] === CR && bytes[i + 2] === LF ? 2 : 1;
    const byte = bytes[i]!;
    this.at = i + 1;
    if (byte === LF || byte === this.#delimiter) return byte;
    this.at = i;
    throw new RowFault(
      `no row: ${this.#nameOf(field)} goes on behind its closing quote (a quote within quotes is doubled)`,
    );
  }

  #tableText(field: number, from: number, to: number): string {
    const table = (this.#tables[field] ??= new TextTable());
    if (table.isUseless) return this.#plainText(from, to);
    const bytes = this.#bytes;
    let hash = 0;
    for (let i = from; i < to; i += 1) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const known = table.find(bytes, from, to, hash);
    if (known !== undefined) return known;
    const text = this.#decode(bytes.subarray(from, to));
    table.add(text, bytes, from, to, hash);
    return text;
  }

  #plainText(from: number, to: number): string {
    const bytes = this.#bytes;
    let all = 0;
    for (let i = from; i < to; i += 1) all |= bytes[i]!;
    if (all >= 0x80) return this.#decode(bytes.subarray(from, to));
    // A slice of one long text is several times cheaper than a text of its own.
    const text = (this.#text ??= bytes.toString('latin1', 0, this.#end));
    return text.slice(from, to);
  }

  #unescaped(text: string): string {
    const quote = this.#format.quote!;
    return text.replaceAll(quote + quote, quote);
  }

  #isNull(from: number, to: number): boolean {
    return this.#nulls.some((text) => text.length === to - from && text.compare(this.#bytes, from, to) === 0);
  }

  /** The text of a field that is no text, or null. */
  #trimmed(field: number, isLast: boolean): string | null {
    this.#take(field, isLast);
    return this.#isNull(this.#from, this.#to) ? null : this.#plainText(this.#from, this.#to).trim();
  }

  #otherNumber(field: number): number | null {
    if (this.#isNull(this.#from, this.#to)) return null;
    const value = slowNumber(this.#plainText(this.#from, this.#to), this.#format.decimal);
    if (value === undefined) throw this.#wrong(field, 'a number');
    return value;
  }

  #wrong(field: number, rule: string): RowFault {
    const isEmpty = this.#from === this.#to;
    const value = isEmpty ? 'is empty' : `has ${shown(this.#plainText(this.#from, this.#to))}`;
    const remedy = isEmpty ? " (where that means null, give nulls: [''])" : '';
    return new RowFault(`no row: ${this.#nameOf(field)} is to be ${rule}, and ${value}${remedy}`);
  }

  #tooMany(): RowFault {
    const known = this.#names.length;
    let count = known + 1;
    while (this.#scan(count) !== LF) count += 1;
    return new RowFault(`no row: it has ${count} fields, and there are ${known} columns`);
  }

  #tooFew(field: number): RowFault {
    const known = this.#names.length;
    return new RowFault(
      `no row: it has ${field + 1} field${field === 0 ? '' : 's'}, and there are ${known} columns: ${this.#nameOf(field + 1)} is missing (ragged: 'fill' makes it null)`,
    );
  }

  #nameOf(field: number): string {
    const name = this.#names[field];
    return name === undefined ? `field ${field + 1}` : `column ${shown(name)}`;
  }
}

const booleans = new Map([
  ['true', true],
  ['false', false],
  ['t', true],
  ['f', false],
  ['1', true],
  ['0', false],
]);

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
