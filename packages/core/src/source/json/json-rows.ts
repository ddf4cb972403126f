import type { StandardSchema } from '../../checks/standard-schema.js';
import { BadRecord } from '../bad-record.js';
import type { RecordBlock } from '../files/record-blocks.js';
import { checkText } from '../readers/check-text.js';
import type { BlockRecords, RecordReader } from '../readers/file-reader.js';
import { lines, startsWithBom } from '../readers/lines.js';
import { schemaCheck } from '../readers/schema-check.js';
import { NO_RECORD } from '../source.js';
import { RowFinder } from './row-finder.js';

const LF = 10;

/** Of fewer lines nothing is learned: to make a function for their shape would take longer than to parse them. */
const WARM_UP = 512;
/** A block is as long as this where a line is: to have it in memory once more would cost more than to parse it. */
const LONG_BLOCK = 2 ** 20;

/**
 * Lines of JSON: their values, checked by a schema where there is one. Lines of white space only are no records. What is read of
 * a line is its row, where it has a shape that is known, and else its text.
 *
 * @param limits For tests.
 */
export function jsonRows(
  schema?: StandardSchema,
  { warmUp = WARM_UP, ...limits }: Limits = {},
): RecordReader {
  const check = schema === undefined ? undefined : schemaCheck(schema, 'jsonLines');
  const toRow = rowParser(schema);
  const plain = lines(undefined, limits);
  const taker = new RowTaker(check !== undefined);
  let seen = 0;
  return {
    ...plain,
    showsLines: true,
    open(chunk) {
      const toLines = plain.open(chunk);
      return (block) => {
        if (seen < warmUp || taker.isUseless || block.bytes.length >= LONG_BLOCK) {
          const found = toLines(block);
          seen += found.records.length;
          return found;
        }
        if (block.at === 0) checkText(block.bytes, chunk);
        return taker.take(block);
      };
    },
    parse(read) {
      if (typeof read !== 'string') return check === undefined ? read : check(read);
      return isBlank(read) ? NO_RECORD : toRow(read);
    },
  };
}

interface Limits {
  readonly warmUp?: number;
  readonly blockBytes?: number;
}

/** What is said of the rows of the last block: see `Batch.hints`. */
let hints = new Uint16Array(1024);

/** Takes rows out of blocks, and the texts of lines that have no known shape. */
class RowTaker {
  readonly #finder = new RowFinder();
  readonly #isChecked: boolean;
  /** Rows a byte, in the last block: lists that need not grow take a fifth of the time less. */
  #density = 0;

  /** @param isChecked Whether rows are to be parsed, so that a schema checks them. */
  constructor(isChecked: boolean) {
    this.#isChecked = isChecked;
  }

  get isUseless(): boolean {
    return this.#finder.isUseless;
  }

  take({ bytes, at }: RecordBlock): BlockRecords {
    const { scanner } = this.#finder;
    const start = at === 0 && startsWithBom(bytes) ? 3 : 0;
    if (start === bytes.length) return { records: [], lines: 0 };
    scanner.open(bytes, start);
    const rows = new Array<unknown>(Math.ceil(bytes.length * this.#density) + 8);
    const [count, unparsed] = this.#fill(rows);
    rows.length = count;
    this.#density = count / bytes.length;
    this.#finder.judge(bytes.length);
    return {
      records: rows,
      lines: count,
      areParsed: !this.#isChecked && unparsed === 0,
      hints: hints.subarray(0, count),
    };
  }

  /** Gives how many rows there are, and how many of them are lines that are to be parsed. */
  #fill(rows: unknown[]): [count: number, unparsed: number] {
    const finder = this.#finder;
    const { scanner } = finder;
    const { window } = scanner;
    let [count, unparsed] = [0, 0];
    while (window.at < window.end) {
      const isEmpty = window.bytes[window.at] === LF;
      let row: unknown = isEmpty ? undefined : finder.find();
      if (row === undefined) {
        const line = scanner.line();
        if (!isEmpty) finder.learn(line);
        row = line;
        unparsed += 1;
      }
      if (count === hints.length) growHints();
      rows[count] = row;
      hints[count] = scanner.hint;
      count += 1;
    }
    return [count, unparsed];
  }
}

function growHints(): void {
  const more = new Uint16Array(2 * hints.length);
  more.set(hints);
  hints = more;
}

function isBlank(line: string): boolean {
  // Most lines begin with a visible character of ASCII, so one look is enough.
  const first = line.charCodeAt(0);
  return !(first > 32 && first < 128) && /^\s*$/.test(line);
}

/** Makes rows of lines of JSON. */
export function rowParser(schema: StandardSchema | undefined): (line: string) => unknown {
  if (schema === undefined) return parse;
  const check = schemaCheck(schema, 'jsonLines');
  return (line) => check(parse(line));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new BadRecord(`no JSON: ${(cause as Error).message}`, { cause });
  }
}
