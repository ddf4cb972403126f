import { decoderOf } from '../readers/encoding.js';
import { BytesWindow, type SharedMemory } from '../scan/bytes-window.js';
import { EXACT_DIGITS, fastNumber, POWERS } from '../scan/decimal.js';
import { hashOf, TextTable } from '../scan/text-table.js';
import { mixed } from '../../values/mixed.js';
import type { ColumnType, CsvFormat } from './csv-format.js';
import { FieldFinder } from './field-finder.js';
import { bigintOf, booleanOf, dateOf } from './field-types.js';
import { slowNumber } from './number-field.js';
import type { RowFault } from './row-fault.js';
import { RowFaults } from './row-faults.js';

const [LF, CR, MINUS, ZERO] = [10, 13, 45, 48];
/** No byte is this one. */
const NONE = -1;
/** A byte in each byte of a word. */
const [ONES, HIGHS, LFS] = [0x01010101, 0x80808080, 0x0a0a0a0a];
/** A longer text is hardly one that a column repeats. */
const MOST_INTERNED = 64;

/**
 * Takes the fields of rows out of bytes, one after the other: a caller asks for each field of a row in turn, and says which is
 * the last. A repeated text is one string, a plain decimal becomes a number without a text of its own, and of a field that is
 * skipped nothing is made.
 */
export class Scanner {
  /** The bytes that were opened. */
  readonly window: BytesWindow;
  readonly #finder: FieldFinder;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #point: number;
  readonly #format: CsvFormat;
  readonly #faults: RowFaults;
  readonly #nulls: readonly Buffer[];
  readonly #hasNulls: boolean;
  /** Whether a plain decimal may stand for null. */
  readonly hasNullNumbers: boolean;
  readonly #decode: (bytes: Buffer) => string;
  readonly #tables: TextTable[];
  readonly #hinted: number;
  /** The number of the text that the field `hinted` had last, among those that its column repeats; 0 before the first one. */
  hint = 0;

  /**
   * @param names Those of the fields, for messages.
   * @param hinted The field that the hint is about.
   * @param shared See `BytesWindow`.
   */
  constructor(
    format: CsvFormat,
    delimiter: string,
    names: readonly string[],
    { hinted = NONE, shared }: { readonly hinted?: number; readonly shared?: SharedMemory | undefined } = {},
  ) {
    this.window = new BytesWindow(shared);
    this.#hinted = hinted;
    this.#format = format;
    this.#faults = new RowFaults(names);
    const nameOf = (field: number): string => this.#faults.nameOf(field);
    this.#finder = new FieldFinder(this.window, { ...format, delimiter }, nameOf);
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = format.quote?.charCodeAt(0) ?? NONE;
    this.#point = format.decimal.charCodeAt(0);
    this.#nulls = format.nulls.map((text) => Buffer.from(text));
    this.#hasNulls = this.#nulls.length > 0;
    this.hasNullNumbers = this.#nulls.some(
      (text) => !Number.isNaN(fastNumber(text, 0, text.length, this.#point)),
    );
    const { encoding } = format;
    this.#decode = encoding === undefined ? (bytes) => bytes.toString('utf8') : decoderOf(encoding);
    this.#tables = names.map(() => new TextTable());
  }

  /** Where the next field begins. */
  get at(): number {
    return this.window.at;
  }

  set at(at: number) {
    this.window.at = at;
  }

  /** How many bytes there are: those that were opened, and a LF where they did not end in one. */
  get end(): number {
    return this.window.end;
  }

  /** Begins at `at` of other bytes: whole lines, the last of which may lack its LF. Gives the number of their filling. */
  open(bytes: Uint8Array, at: number): number {
    const opening = this.window.fill(bytes);
    this.window.at = at;
    return opening;
  }

  /**
   * What most texts are, a plain one that the column has had before, is found while its end is looked for, four bytes at a time:
   * a byte is zero where a subtraction borrows from it and its highest bit was not set (Mycroft's test), which holds for the
   * lowest one found.
   */
  text(field: number, isLast: boolean): string | null {
    const window = this.window;
    const { view, at } = window;
    const table = this.#tables[field]!;
    let word = view.getInt32(at, true);
    if (this.#hasNulls || table.isUseless || (word & 0xff) === this.#quote)
      return this.#otherText(field, isLast);
    const delimiters = this.#delimiter * ONES;
    let hash = 0;
    let i = at;
    for (;;) {
      const delimited = word ^ delimiters;
      const ended = word ^ LFS;
      const found = (((delimited - ONES) & ~delimited) | ((ended - ONES) & ~ended)) & HIGHS;
      if (found !== 0) {
        const bits = 24 - Math.clz32(found & -found);
        hash = mixed(hash, word & ((1 << bits) - 1));
        i += bits >>> 3;
        break;
      }
      hash = mixed(hash, word);
      i += 4;
      word = view.getInt32(i, true);
    }
    const { bytes } = window;
    const isPlain = isLast ? bytes[i] === LF && bytes[i - 1] !== CR : bytes[i] !== LF;
    const known = isPlain ? table.find(view, at, i - at, hash) : 0;
    if (known === 0) return this.#otherText(field, isLast);
    window.at = i + 1;
    if (field === this.#hinted) this.hint = known;
    return table.texts[known]!;
  }

  /** A plain decimal is read while its end is looked for, and rounded as `Number` rounds its text: see `fastNumber`. */
  number(field: number, isLast: boolean): number | null {
    const window = this.window;
    const { bytes, at } = window;
    // No processor foresees the sign of a number, so there is no branch: 1 where its first byte is a minus.
    const minus = ((bytes[at]! ^ MINUS) - 1) >>> 31;
    const first = at + minus;
    let i = first;
    let byte = bytes[i]!;
    let value = 0;
    let scale = 0;
    for (; ; byte = bytes[++i]!) {
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (byte === this.#point && scale === 0 && byte !== this.#delimiter) scale = i + 1;
      else break;
    }
    const digits = i - first - (scale === 0 ? 0 : 1);
    if (isLast && byte === CR) byte = bytes[++i]!;
    const isPlain = digits > 0 && digits <= EXACT_DIGITS && byte === (isLast ? LF : this.#delimiter);
    if (!isPlain || this.hasNullNumbers) return this.#otherNumber(field, isLast);
    window.at = i + 1;
    if (scale !== 0) value /= POWERS[first + digits + 1 - scale]!;
    // A zero becomes -0, as it should.
    return value * (1 - 2 * minus);
  }

  bigint(field: number, isLast: boolean): bigint | null {
    return this.#typed(field, isLast, 'bigint', bigintOf);
  }

  boolean(field: number, isLast: boolean): boolean | null {
    return this.#typed(field, isLast, 'boolean', booleanOf);
  }

  date(field: number, isLast: boolean): Date | null {
    return this.#typed(field, isLast, 'date', dateOf);
  }

  /** Passes over some fields, the first of which is `field`: of plain ones only the ends are looked at. */
  skip(field: number, count: number, isLast: boolean): void {
    const window = this.window;
    const { bytes } = window;
    const [delimiter, quote] = [this.#delimiter, this.#quote];
    const end = isLast ? field + count - 1 : field + count;
    let i = window.at;
    for (let each = field; each < end; each += 1) {
      let byte = bytes[i]!;
      if (byte === quote) {
        this.#take(each, false);
        i = window.at;
        continue;
      }
      while (byte !== delimiter && byte !== LF) byte = bytes[++i]!;
      if (byte === LF) throw this.#faults.tooFew(each);
      i += 1;
      window.at = i;
    }
    if (isLast) this.#take(end, true);
  }

  /** All fields of the row, as texts. */
  fields(): string[] {
    const fields: string[] = [];
    for (let isOver = false; !isOver;) {
      isOver = this.#finder.find(fields.length) === LF;
      if (isOver) this.#finder.cutReturn();
      fields.push(this.#plainText());
    }
    return fields;
  }

  /** A text that is not looked for among those that its column repeats. */
  slice(from: number, to: number): string {
    const window = this.window;
    return window.isAscii(from, to) ? window.ascii(from, to) : this.textOf(from, to);
  }

  /** The text of some bytes, whatever they are. */
  textOf(from: number, to: number): string {
    return this.#decode(this.window.bytes.subarray(from, to));
  }

  #otherText(field: number, isLast: boolean): string | null {
    this.#take(field, isLast);
    const { from, to, isQuoted, hasQuotes } = this.#finder;
    if (this.#hasNulls && !isQuoted && this.#isNull()) return null;
    const length = to - from;
    const table = this.#tables[field]!;
    if (length > MOST_INTERNED || table.isUseless) return this.#plainText();
    const { view } = this.window;
    // The same bytes are another text where they are not quoted.
    const hash = hashOf(view, from, length) ^ (hasQuotes ? ONES : 0);
    let known = table.find(view, from, length, hash);
    if (known === 0) {
      const text = hasQuotes ? this.#unescaped(this.textOf(from, to)) : this.textOf(from, to);
      known = table.add(text, view, { from, length, hash });
      if (known === 0) return text;
    }
    if (field === this.#hinted) this.hint = known;
    return table.texts[known]!;
  }

  #otherNumber(field: number, isLast: boolean): number | null {
    this.#take(field, isLast);
    if (this.#isNull()) return null;
    const { from, to } = this.#finder;
    const fast = fastNumber(this.window.bytes, from, to, this.#point);
    if (fast === fast) return fast;
    const value = slowNumber(this.#plainText(), this.#format.decimal);
    if (value === undefined) throw this.#wrong(field, 'number');
    return value;
  }

  /** Finds the next field, and checks that the row ends with it, or does not. */
  #take(field: number, isLast: boolean): void {
    if (this.#finder.find(field) !== LF) {
      if (isLast) throw this.#tooMany();
    } else if (isLast) this.#finder.cutReturn();
    else throw this.#faults.tooFew(field);
  }

  #plainText(): string {
    const { from, to, hasQuotes } = this.#finder;
    const text = this.slice(from, to);
    return hasQuotes ? this.#unescaped(text) : text;
  }

  #unescaped(text: string): string {
    const quote = this.#format.quote!;
    return text.replaceAll(quote + quote, quote);
  }

  #isNull(): boolean {
    const { from, to } = this.#finder;
    return this.isNull(from, to);
  }

  /** Whether bytes without quotes stand for null. */
  isNull(from: number, to: number): boolean {
    const { bytes } = this.window;
    return this.#nulls.some((text) => text.length === to - from && text.compare(bytes, from, to) === 0);
  }

  /** A field that `read` makes a value of its text for, or null. @throws RowFault where that cannot be. */
  #typed<T>(
    field: number,
    isLast: boolean,
    type: ColumnType,
    read: (text: string) => T | undefined,
  ): T | null {
    this.#take(field, isLast);
    if (this.#isNull()) return null;
    const value = read(this.#plainText().trim());
    if (value === undefined) throw this.#wrong(field, type);
    return value;
  }

  #wrong(field: number, type: ColumnType): RowFault {
    const isEmpty = this.#finder.from === this.#finder.to;
    return this.#faults.wrongType(field, type, isEmpty ? '' : this.#plainText());
  }

  /** Counts the fields of a row that has more than there are columns. */
  #tooMany(): RowFault {
    let count = this.#tables.length + 1;
    while (this.#finder.find(count) !== LF) count += 1;
    return this.#faults.tooMany(count);
  }
}
