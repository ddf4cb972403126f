import type { RecordPosition } from '../../errors.js';
import type { RecordBlock } from '../files/record-blocks.js';
import type { Batch } from '../source.js';
import { OpenQuote } from './field-finder.js';
import { isBlank } from './file-head.js';
import { openQuote } from './open-quote.js';
import { badRow, RowFault } from './row-fault.js';
import type { RowPlan } from './row-plan.js';

const [LF, CR] = [10, 13];

/** What is said of the rows of the last batch. */
let hints = new Uint16Array(4096);

/** Says where a byte of the file, or of its decompressed text, stands, given the block that has it. */
export type Locate = (byte: number, block: RecordBlock) => RecordPosition;

/** Takes the rows of a range of a file out of its blocks, in order. */
export class RowTaker {
  readonly #plan: RowPlan;
  /** The byte of the file before which no row begins. */
  readonly #start: number;
  readonly #comment: number;
  readonly #isChecked: boolean;
  /** Whether the block has a row that is none. */
  #hasBad = false;
  /** The beginning of a row that goes on in the next block. */
  #rest: RecordBlock | undefined;
  /** How many bytes there must be before a row that goes on is looked at again. */
  #enough = 0;

  /** @param isChecked Whether rows are to be parsed, so that a schema checks them. */
  constructor(plan: RowPlan, start: number, isChecked = false) {
    this.#plan = plan;
    this.#start = start;
    this.#isChecked = isChecked;
    this.#comment = plan.format.comment?.charCodeAt(0) ?? -1;
  }

  /** The rows that end in a block. @throws SourceError for a quote that is open where it must not be. */
  take(given: RecordBlock, locate: Locate): Batch {
    return this.#take(this.#joined(given), locate);
  }

  /** The rows that are left after the last block. @throws SourceError for a quote that was never closed. */
  *end(locate: Locate): Generator<Batch, void, undefined> {
    const rest = this.#rest;
    if (rest === undefined) return;
    this.#rest = undefined;
    this.#enough = 0;
    yield this.#take(rest, locate);
    this.#checkClosed(locate);
  }

  #joined(block: RecordBlock): RecordBlock {
    const rest = this.#rest;
    if (rest === undefined) return block;
    this.#rest = undefined;
    return { at: rest.at, bytes: Buffer.concat([rest.bytes, block.bytes]) };
  }

  #take(block: RecordBlock, locate: Locate): Batch {
    // A row that went on is looked at again once its bytes have doubled, so that a long one costs no more than its length.
    if (block.bytes.length < this.#enough) {
      this.#rest = block;
      return { records: [], locate: () => locate(block.at, block) };
    }
    this.#enough = 0;
    this.#hasBad = false;
    const length = Math.ceil(block.bytes.length * this.#plan.density) + 8;
    const rows = new Array<unknown>(length);
    // In a list, since to make a typed array for each block would cost its memory page by page.
    const starts = new Array<number>(length);
    rows.length = this.#rows(block, locate, rows, starts);
    this.#plan.density = rows.length / block.bytes.length;
    return {
      records: rows,
      hints: hints.subarray(0, rows.length),
      areParsed: !this.#isChecked && !this.#hasBad,
      locate: (i) => locate(block.at + starts[i]!, block),
    };
  }

  /** Puts rows into a list, and where they start into another one; gives how many there are. */
  #rows(block: RecordBlock, locate: Locate, rows: unknown[], starts: number[]): number {
    const { bytes, at } = block;
    const { scanner, make } = this.#plan;
    const comment = this.#comment;
    const from = Math.max(0, this.#start - at);
    if (from >= bytes.length) return 0;
    scanner.open(bytes, from);
    const { end } = scanner;
    let count = 0;
    while (scanner.at < end) {
      const start = scanner.at;
      const byte = bytes[start]!;
      if ((byte === LF || byte === CR || byte === comment) && (byte === comment || isBlank(bytes, start))) {
        scanner.at = lineEnd(bytes, start) + 1;
        continue;
      }
      try {
        rows[count] = make(scanner);
      } catch (error) {
        const row = this.#faulty(error, block, start, locate);
        if (row === undefined) return count;
        rows[count] = row;
      }
      if (count === hints.length) growHints();
      starts[count] = start;
      hints[count] = scanner.hint;
      count += 1;
    }
    return count;
  }

  /** What becomes of a row that cannot be taken; undefined where it goes on in the next block. */
  #faulty(error: unknown, block: RecordBlock, start: number, locate: Locate): unknown {
    const { scanner, fill, fields, format } = this.#plan;
    const { bytes, at } = block;
    if (error instanceof OpenQuote) {
      if (!format.multiline) throw openQuote(error, locate(at + start, block), format);
      this.#rest = { at: at + start, bytes: Buffer.from(bytes.subarray(start)) };
      this.#enough = 2 * this.#rest.bytes.length;
      return undefined;
    }
    if (!(error instanceof RowFault)) throw error;
    let fault = error;
    let end: number | undefined;
    try {
      scanner.at = start;
      const { length } = scanner.fields();
      end = scanner.at;
      if (fill !== undefined && length < fields) {
        scanner.at = start;
        return fill(scanner, length);
      }
    } catch (other) {
      if (!(other instanceof RowFault)) return this.#faulty(other, block, start, locate);
      fault = other;
      end ??= lineEnd(bytes, scanner.at) + 1;
    }
    scanner.at = end;
    this.#hasBad = true;
    return badRow(scanner.textOf(start, end - 1).replace(/\r$/, ''), fault);
  }

  #checkClosed(locate: Locate): void {
    const rest = this.#rest;
    if (rest === undefined) return;
    const { scanner, format } = this.#plan;
    scanner.open(rest.bytes, 0);
    try {
      scanner.fields();
    } catch (error) {
      throw error instanceof OpenQuote ? openQuote(error, locate(rest.at, rest), format) : error;
    }
  }
}

function growHints(): void {
  const more = new Uint16Array(2 * hints.length);
  more.set(hints);
  hints = more;
}

/** Where the line ends that has byte `at`. */
function lineEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(LF, at);
  return end < 0 ? bytes.length : end;
}
