import { readSync } from 'node:fs';
import { pauseThread } from './pause-thread.js';

/** A row as Spark's TRANSFORM gives it to a program and takes it back: tab-separated, one a line. */
export interface Row {
  /** Who reads it. */
  readonly p: number;
  /** Where it belongs, in the order that Spark sorts by. */
  readonly s: bigint;
  /** What it says: ASCII without tab and line feed. */
  readonly d: string;
}

/** The rows of a stream, read as they are asked for, and what is left of it. */
export interface RowReader extends Iterable<Row, void, undefined> {
  /** Reads the rest without looking at it. A program that ends before has its error hidden by the broken pipe. */
  drain(): void;
  /** Whether every row has been taken, or drained. */
  readonly isAtEnd: boolean;
}

const BUFFER = 2 ** 20;
const LINE_FEED = 0x0a;

/** Reads rows from a file descriptor, 1 MB at a time; a row may be longer. Iterating again goes on where the last loop stopped. */
export function openRowReader(fd = 0): RowReader {
  const buffer = Buffer.allocUnsafe(BUFFER);
  let isEmpty = false;
  let isAtEnd = false;
  const rows = readRows();

  /** The next bytes, in `buffer`; 0 at the end. */
  function fill(): number {
    if (isEmpty) return 0;
    const length = readSome(fd, buffer);
    isEmpty = length === 0;
    return length;
  }

  function* readRows(): Generator<Row, void, undefined> {
    let rest: Buffer[] = [];
    for (let length = fill(); length > 0; length = fill()) {
      const filled = buffer.subarray(0, length);
      let from = 0;
      for (let at = filled.indexOf(LINE_FEED); at >= 0; at = filled.indexOf(LINE_FEED, from)) {
        const end = filled.toString('latin1', from, at);
        from = at + 1;
        if (rest.length === 0) yield parseRow(end);
        else {
          const line = Buffer.concat(rest).toString('latin1') + end;
          rest = [];
          yield parseRow(line);
        }
      }
      if (from < length) rest.push(Buffer.from(filled.subarray(from)));
    }
    if (rest.length > 0) yield parseRow(Buffer.concat(rest).toString('latin1'));
    isAtEnd = true;
  }

  return {
    // A generator's own `return`, which every loop that is left calls, would end it for good.
    [Symbol.iterator]: () => ({ next: () => rows.next() }),
    drain() {
      while (fill() > 0);
      isAtEnd = true;
    },
    get isAtEnd() {
      return isAtEnd;
    },
  };
}

function parseRow(line: string): Row {
  const first = line.indexOf('\t');
  const second = line.indexOf('\t', first + 1);
  const [p, s] = [line.slice(0, first), line.slice(first + 1, second)];
  if (first < 1 || second < 0 || !/^-?\d+$/.test(p) || !/^-?\d+$/.test(s)) {
    throw new RangeError(
      `Expected a row of a number, a number and a text, got ${JSON.stringify(line.slice(0, 80))}`,
    );
  }
  return { p: Number(p), s: BigInt(s), d: line.slice(second + 1) };
}

/** Waits for bytes even where someone has made the descriptor non-blocking, as the use of `process.stdin` does. */
function readSome(fd: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, buffer, 0, buffer.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      pauseThread();
    }
  }
}
