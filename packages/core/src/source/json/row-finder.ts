import { TextTable } from '../scan/text-table.js';
import { rowMaker, type MakeRow } from './row-maker.js';
import { shapeOf, type RowShape } from './row-shape.js';
import { NONE, ValueScanner } from './value-scanner.js';

/** So many shapes are looked for; files have one, or one a kind of event. */
const MOST_SHAPES = 8;
/** So many shapes are learned in all. */
const MOST_LEARNED = 64;
/** So many keys may have texts that they repeat. */
const MOST_TABLES = 256;
/** After so many different texts of a key it must have repeated some. */
const TEXT_TRIAL = 512;
/** So many lines are judged together. */
const TRIALS = 1024;
/** So many bytes are looked at before it may be found that too many of them are such as `JSON.parse` reads as soon. */
const BYTE_TRIAL = 2 ** 17;
/** Where no shape has room, the least used one is given up for that of one line in so many. */
const REPLACED = 64;

/** The texts of a key that repeats none, or is one too many. */
const USELESS = new TextTable();
USELESS.isUseless = true;

/** A shape, and what is needed to take its lines. */
interface KnownShape {
  readonly make: MakeRow;
  readonly tables: readonly TextTable[];
  readonly hinted: number;
  /** How many lines had it. */
  hits: number;
  /** The shape of the line after the last one that had it. */
  next: KnownShape | undefined;
}

/**
 * Finds rows in lines of JSON by speculation: lines have the shape of one before, as a rule, so what stands between their values
 * need only be compared, not read; after Mison (Li, Katsipoulakis, Chandramouli, Goldstein, Kossmann: Mison, a fast JSON parser
 * for data analytics, VLDB 2017). Where too few lines have one of a few shapes, it says so.
 */
export class RowFinder {
  readonly scanner = new ValueScanner();
  /** Whether to look costs more than it saves. */
  isUseless = false;
  readonly #shapes: KnownShape[] = [];
  /** The texts that a key repeats, by its path. */
  readonly #tables = new Map<string, TextTable>();
  #last: KnownShape | undefined;
  #lines = 0;
  #tries = 0;
  #misses = 0;
  #learned = 0;
  /** Lines without a known shape. */
  #passed = 0;
  #bytes = 0;
  /** Whether the lines judged last were too often in vain. */
  #wasBad = false;

  /** The row of the line where the scanner stands, which stands behind the line then; undefined where it has no known shape. */
  find(): object | undefined {
    const { window } = this.scanner;
    const start = window.at;
    const expected = this.#last?.next;
    this.#lines += 1;
    if (expected !== undefined) {
      const row = this.#try(expected, start);
      if (row !== undefined) return row;
    }
    for (const shape of this.#shapes) {
      if (shape === expected) continue;
      const row = this.#try(shape, start);
      if (row !== undefined) return row;
    }
    window.at = start;
    this.#last = undefined;
    return undefined;
  }

  /** Judges whether it was worth while to look for the lines of a block of so many bytes. */
  judge(bytes: number): void {
    this.#bytes += bytes;
    const { scanner } = this;
    if (this.#bytes >= BYTE_TRIAL) {
      this.isUseless ||= 2 * scanner.slowBytes > this.#bytes;
      [this.#bytes, scanner.slowBytes] = [0, 0];
    }
    if (this.#lines < TRIALS) return;
    const isBad = 4 * this.#misses > this.#lines || this.#tries > 3 * this.#lines;
    // Kinds of rows may come and go: once is not enough.
    this.isUseless ||= isBad && this.#wasBad;
    this.#wasBad = isBad;
    [this.#lines, this.#misses, this.#tries] = [0, 0, 0];
  }

  /** Learns the shape of a line that has none of those that are known. */
  learn(line: string): void {
    this.#misses += 1;
    this.#passed += 1;
    const isFull = this.#shapes.length === MOST_SHAPES;
    if (this.#learned === MOST_LEARNED || (isFull && this.#passed % REPLACED !== 0)) return;
    const shape = validShape(line);
    const make = shape && rowMaker(shape);
    if (make === undefined) return;
    this.#learned += 1;
    if (isFull) this.#dropLeastUsed();
    const tables = shape!.slots.map(({ path, kind }) => (kind === 'number' ? USELESS : this.#tableOf(path)));
    const hinted = shape!.slots.findIndex(({ kind }) => kind === 'text');
    const known: KnownShape = { make, tables, hinted: hinted < 0 ? NONE : hinted, hits: 1, next: undefined };
    // Until another one follows it, its like does.
    known.next = known;
    this.#shapes.push(known);
    this.#follow(known);
  }

  #try(shape: KnownShape, start: number): object | undefined {
    const { scanner } = this;
    const { window } = scanner;
    this.#tries += 1;
    window.at = start;
    scanner.begin(shape.tables, shape.hinted);
    const row = shape.make(scanner, window);
    if (row === undefined || scanner.isWrong) return undefined;
    shape.hits += 1;
    this.#follow(shape);
    return row;
  }

  #follow(shape: KnownShape): void {
    if (this.#last !== undefined) this.#last.next = shape;
    this.#last = shape;
  }

  #tableOf(path: string): TextTable {
    let table = this.#tables.get(path);
    if (table === undefined) {
      if (this.#tables.size === MOST_TABLES) return USELESS;
      this.#tables.set(path, (table = new TextTable(TEXT_TRIAL)));
    }
    return table;
  }

  #dropLeastUsed(): void {
    const shapes = this.#shapes;
    const least = shapes.reduce((a, b) => (b.hits < a.hits ? b : a));
    shapes.splice(shapes.indexOf(least), 1);
    for (const shape of shapes) if (shape.next === least) shape.next = shape;
    if (this.#last === least) this.#last = undefined;
  }
}

/** The shape of a line, if it is JSON and has one. */
function validShape(line: string): RowShape | undefined {
  try {
    JSON.parse(line);
  } catch {
    return undefined;
  }
  return shapeOf(line);
}
