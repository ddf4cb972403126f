import type { RecordPosition } from '../../errors.js';
import type { RecordBlock } from '../files/record-blocks.js';
import type { Batch } from '../source.js';
import type { ColumnScan } from './column-scan.js';
import { OpenQuote } from './field-finder.js';
import { isBlank } from './file-head.js';
import { openQuote } from './open-quote.js';
import { badRow, RowFault } from './row-fault.js';
import type { RowPlan } from './row-plan.js';

const [LF, CR] = [10, 13];

/** So many rows are made at once: few enough to be young when they are dropped, which garbage collection then never sees. */
const BATCH = 1024;

/** What is said of the rows of the last batch. */
const hints = new Uint16Array(BATCH);

/** Says where a byte of the file, or of its decompressed text, stands, given the block that has it. */
export type Locate = (byte: number, block: RecordBlock) => RecordPosition;

/** A block that rows are taken of. */
interface Taken {
  readonly block: RecordBlock;
  readonly locate: Locate;
}

/** The rows of a batch, and where they start. */
interface Rows {
  readonly rows: unknown[];
  readonly starts: Int32Array;
}

/** Takes the rows of a range of a file out of its blocks, in order. */
export class RowTaker {
  readonly #plan: RowPlan;
  /** The byte of the file before which no row begins. */
  readonly #start: number;
  readonly #comment: number;
  readonly #isChecked: boolean;
  /** What takes many rows of the block at once, where it can. */
  #scan: ColumnScan | undefined;
  /** Whether the batch has a row that is none. */
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
  take(given: RecordBlock, locate: Locate): Generator<Batch, void, undefined> {
    return this.#take({ block: this.#joined(given), locate });
  }

  /** The rows that are left after the last block. @throws SourceError for a quote that was never closed. */
  *end(locate: Locate): Generator<Batch, void, undefined> {
    const rest = this.#rest;
    if (rest === undefined) return;
    this.#rest = undefined;
    this.#enough = 0;
    yield* this.#take({ block: rest, locate });
    this.#checkClosed(locate);
  }

  #joined(block: RecordBlock): RecordBlock {
    const rest = this.#rest;
    if (rest === undefined) return block;
    this.#rest = undefined;
    return { at: rest.at, bytes: Buffer.concat([rest.bytes, block.bytes]) };
  }

  *#take(taken: Taken): Generator<Batch, void, undefined> {
    const { block, locate } = taken;
    const { scanner } = this.#plan;
    // A row that went on is looked at again once its bytes have doubled, so that a long one costs no more than its length.
    if (block.bytes.length < this.#enough) {
      this.#rest = block;
      return;
    }
    this.#enough = 0;
    let at = Math.max(0, this.#start - block.at);
    if (at >= block.bytes.length) return;
    let opening = this.#open(block.bytes, at);
    while (at < block.bytes.length && this.#rest === undefined) {
      // Between two batches others may have used the scanner, or the memory that scanners share.
      if (scanner.window.holds(opening)) scanner.at = at;
      else opening = this.#open(block.bytes, at);
      this.#hasBad = false;
      const starts = new Int32Array(BATCH);
      const rows = new Array<unknown>(BATCH);
      rows.length = this.#rows(taken, { rows, starts });
      at = scanner.at;
      if (rows.length === 0) continue;
      yield {
        records: rows,
        hints: hints.subarray(0, rows.length),
        areParsed: !this.#isChecked && !this.#hasBad,
        locate: (i) => locate(block.at + starts[i]!, block),
      };
    }
  }

  #open(bytes: Buffer, at: number): number {
    const { scanner, scan } = this.#plan;
    const opening = scanner.open(bytes, at);
    this.#scan = scan?.begin() === true ? scan : undefined;
    return opening;
  }

  /** Makes the next rows of a block, and gives how many. The scanner is behind them then. */
  #rows(taken: Taken, { rows, starts }: Rows): number {
    const { scanner, make } = this.#plan;
    const scan = this.#scan;
    const { bytes } = taken.block;
    const { end } = scanner;
    const comment = this.#comment;
    let count = 0;
    while (scanner.at < end && count < BATCH) {
      if (scan !== undefined) {
        const found = this.#scanned(scan, taken, { rows, starts }, count);
        count += found;
        // Where there is none, there is a row that it does not take.
        if (found > 0) continue;
      }
      const start = scanner.at;
      const byte = bytes[start]!;
      if ((byte === LF || byte === CR || byte === comment) && (byte === comment || isBlank(bytes, start))) {
        scanner.at = lineEnd(bytes, start) + 1;
        continue;
      }
      try {
        rows[count] = make(scanner);
      } catch (error) {
        const row = this.#faulty(error, taken, start);
        if (row === undefined) return count;
        rows[count] = row;
      }
      starts[count] = start;
      hints[count] = scanner.hint;
      count += 1;
    }
    return count;
  }

  /** Has many rows taken at once, and gives how many. */
  #scanned(scan: ColumnScan, taken: Taken, { rows, starts }: Rows, count: number): number {
    const { scanner } = this.#plan;
    const found = scan.scan(BATCH - count);
    const behind = scanner.at;
    starts.set(scan.starts(found), count);
    for (let from = 0; from < found;) {
      try {
        scan.make(rows, count, from, found);
        break;
      } catch (error) {
        const { row } = scan;
        rows[count + row] = this.#faulty(error, taken, starts[count + row]!);
        from = row + 1;
      }
    }
    scanner.at = behind;
    const own = scan.hints(found);
    if (own === undefined) hints.fill(0, count, count + found);
    else hints.set(own, count);
    return found;
  }

  /** What becomes of a row that cannot be taken; undefined where it goes on in the next block. */
  #faulty(error: unknown, taken: Taken, start: number): unknown {
    const { scanner, fill, fields, format } = this.#plan;
    const { block, locate } = taken;
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
      if (!(other instanceof RowFault)) return this.#faulty(other, taken, start);
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

/** Where the line ends that has byte `at`. */
function lineEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(LF, at);
  return end < 0 ? bytes.length : end;
}
