import { flatText } from '../../values/flat-text.js';
import type { CsvFormat } from './csv-format.js';
import type { Kernel } from './kernel.js';
import { methodOf, stepsOf, type RowColumn } from './row-steps.js';
import { rowsMaker, type ColumnKind, type MakeRows, type Reader, type ScannedColumn } from './rows-maker.js';
import type { Scanner } from './scanner.js';

const LF = 10;
/** No byte is this one. */
const NONE = 256;
/** What the kernel leaves to the scanner is dear where there is more than this of it, and more than one field in two. */
const MOST_LEFT = 2048;
/** To go on with the scanner at a row costs as much as to read so many fields. */
const STOP = 4;

/** What rows are made of, and what separates their fields. */
export interface ScanPlan {
  readonly format: CsvFormat;
  readonly delimiter: string;
  readonly columns: readonly RowColumn[];
  /** How many fields a row has. */
  readonly fields: number;
  /** The field that hints are about. */
  readonly hinted: number;
}

/**
 * Takes rows by the kernel, up to a thousand at once. Plain decimals and texts of a column that repeats them are values then; whatever else
 * a field holds the scanner reads, and it takes the rows that the kernel stops at.
 */
export class ColumnScan implements Reader {
  /** The row that the scanner read a field of last: it is the one at fault where that threw. */
  row = 0;
  readonly #kernel: Kernel;
  readonly #scanner: Scanner;
  readonly #plan: ScanPlan;
  #columns: readonly ScannedColumn[];
  /** How many fields of each column were left. */
  readonly #left: number[];
  #hinted: ScannedColumn | undefined;
  #makeRows: MakeRows | undefined;
  #isUseless: boolean;
  #taken = 0;
  #stops = 0;

  constructor(kernel: Kernel, scanner: Scanner, plan: ScanPlan) {
    this.#kernel = kernel;
    this.#scanner = scanner;
    this.#plan = plan;
    this.#isUseless = plan.columns.length > kernel.constants.MOST_COLUMNS;
    this.#columns = this.#isUseless ? [] : plan.columns.map((column, i) => this.#columnOf(column, i));
    this.#left = this.#columns.map(() => 0);
  }

  /** Whether it can take rows of what the scanner has opened, and is worth it. */
  begin(): boolean {
    if (this.#isUseless || !this.#scanner.window.isShared) return false;
    if (isTooMuch(STOP * this.#stops, this.#taken)) this.#isUseless = true;
    else if (this.#kernel.owner !== this || this.#columns.some((_, i) => this.#isDear(i))) this.#own();
    return !this.#isUseless;
  }

  /** Takes rows from where the scanner is, and gives how many. The scanner is where they end then. */
  scan(most: number): number {
    const { calls, constants } = this.#kernel;
    const { WINDOW } = constants;
    const scanner = this.#scanner;
    const { at, end, window } = scanner;
    const behind = window.isEnded ? end : window.bytes.lastIndexOf(LF, end - 2) + 1;
    let count: number;
    do {
      count = calls.rows(WINDOW + at, WINDOW + behind, most);
      this.#learn(calls.newTexts());
      // Where it had no room for a new text even in the first row, it has some now.
    } while (count === 0 && calls.isPaused() !== 0);
    scanner.at = calls.at() - WINDOW;
    this.#taken += count;
    if (count < most && scanner.at < end && calls.isPaused() === 0) this.#stops += 1;
    return count;
  }

  /** Where rows start that were taken. */
  starts(count: number): Int32Array {
    return this.#kernel.starts.subarray(0, count);
  }

  /** Puts rows that were taken into a list. The scanner may be elsewhere then. @throws RowFault for a row that is none. */
  make(rows: unknown[], at: number, from: number, to: number): void {
    this.#makeRows!(this, rows, at, from, to);
  }

  /** What is said of rows that were taken; undefined where nothing is. */
  hints(count: number): Uint16Array | undefined {
    return this.#hinted?.ids.subarray(0, count);
  }

  readLeft(row: number, column: number): unknown {
    this.row = row;
    this.#left[column]! += 1;
    const { field, isLast, method, places } = this.#columns[column]!;
    this.#scanner.at = places[row]! - this.#kernel.constants.WINDOW;
    return this.#scanner[method](field, isLast);
  }

  slice(place: number, length: number): string {
    const from = place - this.#kernel.constants.WINDOW;
    return this.#scanner.slice(from, from + length);
  }

  /** Makes the texts that the kernel has met for the first time. */
  #learn(count: number): void {
    const { newTexts, constants } = this.#kernel;
    const { format } = this.#plan;
    const scanner = this.#scanner;
    for (let i = 0; i < 3 * count; i += 3) {
      const from = newTexts[i + 1]! - constants.WINDOW;
      const to = from + newTexts[i + 2]!;
      const isNull = format.nulls.length > 0 && scanner.isNull(from, to);
      this.#columns[newTexts[i]!]!.texts.push(isNull ? null : flatText(scanner.textOf(from, to)));
    }
  }

  /** Whether too much was left of a column, or it has many texts and repeats few of them. */
  #isDear(i: number): boolean {
    const { kind, texts } = this.#columns[i]!;
    if (kind === 'PLACE') return false;
    const { MOST_TEXTS } = this.#kernel.constants;
    const isFull = kind === 'TEXT' && texts.length > MOST_TEXTS;
    return isTooMuch(this.#left[i]!, this.#taken) || (isFull && 4 * this.#taken < 5 * MOST_TEXTS);
  }

  /** Begins anew with the kernel: somebody else has had it, or it is to take columns in other ways. */
  #own(): void {
    const { calls } = this.#kernel;
    const { format, delimiter, hinted } = this.#plan;
    this.#kernel.owner = this;
    this.#columns = this.#columns.map((column, i) => ({ ...column, kind: this.#kindOf(i), texts: [''] }));
    this.#hinted = this.#columns.find(({ field, kind }) => field === hinted && kind === 'TEXT');
    this.#left.fill(0);
    this.#taken = 0;
    this.#stops = 0;
    const [quote = NONE, comment = NONE] = [format.quote?.charCodeAt(0), format.comment?.charCodeAt(0)];
    const doQuotesTell = Number(format.nulls.length > 0);
    calls.configure(delimiter.charCodeAt(0), quote, format.decimal.charCodeAt(0), comment, doQuotesTell);
    for (const [i, { kind }] of this.#columns.entries()) if (kind === 'TEXT') calls.openTable(i);
    this.#writeSteps();
    try {
      this.#makeRows = rowsMaker(this.#columns);
    } catch {
      // Where no code may be made from text, the scanner takes all rows.
      this.#isUseless = true;
    }
  }

  #writeSteps(): void {
    const { constants, buffer, calls } = this.#kernel;
    const { STEPS, COLUMNS, COLUMN_BYTES, TABLES, TABLE_BYTES } = constants;
    const steps = stepsOf(this.#plan.columns, this.#plan.fields);
    const words = steps.flatMap((step) => {
      if (step.kind === 'skip') return [constants.PLACE, 0, step.count];
      const { column: i, isLast } = step;
      const { kind } = this.#columns[i]!;
      const place = COLUMNS + i * COLUMN_BYTES;
      switch (kind) {
        case 'TEXT':
          return [isLast ? constants.LAST_TEXT : constants.TEXT, place, TABLES + i * TABLE_BYTES];
        case 'NUMBER':
          return [isLast ? constants.LAST_NUMBER : constants.NUMBER, place, 0];
        default:
          return [constants[kind], place, 1];
      }
    });
    new Int32Array(buffer, STEPS, words.length).set(words);
    calls.plan(steps.length);
  }

  /** How a column is to be taken from now on. */
  #kindOf(i: number): ColumnKind {
    const { kind } = this.#columns[i]!;
    if (!this.#isDear(i)) return kind;
    // A slice is never null.
    return kind === 'TEXT' && this.#plan.format.nulls.length === 0 ? 'SLICE' : 'PLACE';
  }

  /** Not where the delimiter may stand for a point, or a number for null: the kernel cannot tell. */
  get #hasPlainNumbers(): boolean {
    const { format, delimiter } = this.#plan;
    return format.decimal !== delimiter && !this.#scanner.hasNullNumbers;
  }

  #columnOf(column: RowColumn, i: number): ScannedColumn {
    const { buffer, constants } = this.#kernel;
    const { COLUMNS, COLUMN_BYTES, PLACES, LENGTHS, MOST_ROWS } = constants;
    const at = COLUMNS + i * COLUMN_BYTES;
    const { type, field } = column;
    return {
      ...column,
      isLast: field + 1 === this.#plan.fields,
      method: methodOf(type),
      kind: type === 'string' ? 'TEXT' : type === 'number' && this.#hasPlainNumbers ? 'NUMBER' : 'PLACE',
      ids: new Uint16Array(buffer, at, MOST_ROWS),
      values: new Float64Array(buffer, at, MOST_ROWS),
      places: new Int32Array(buffer, at + PLACES, MOST_ROWS),
      lengths: new Int32Array(buffer, at + LENGTHS, MOST_ROWS),
      texts: [''],
    };
  }
}

/** Whether so much that was left is too much for so many rows. */
function isTooMuch(left: number, taken: number): boolean {
  return left > MOST_LEFT && 2 * left > taken;
}
