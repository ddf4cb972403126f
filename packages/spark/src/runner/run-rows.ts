import { failureLine, LONGEST_LINE } from './failure-line.js';
import { openRowReader, type RowReader } from './row-reader.js';
import { openRowWriter, type RowWriter } from './row-writer.js';
import { writeAll } from './write-all.js';

/** How a runner ends, as Spark's error shows it. */
export const EXIT = {
  /** It failed, and the last lines of stderr say why. */
  failed: 70,
  /** It was called with other arguments than it knows. */
  usage: 71,
  /** It ended before its work was done, as by `process.exit` in the user's code. */
  early: 72,
} as const;

export interface RowProgram {
  /** Reads all rows, and writes what comes of them. */
  work(rows: RowReader, out: RowWriter): Promise<void> | void;
  /** The versions of a failure, the fullest first: only a line's length of it gets through. */
  encode(error: unknown): Iterable<Uint8Array>;
}

/**
 * Runs a program between Spark's pipes: rows on stdin, rows on descriptor 3. It ends the process: with 0 once all rows are read
 * and written; else only after stdin is read to its end, since Spark reports nothing but the broken pipe of a program that ends
 * before, and takes one that ends with 0 for done.
 */
export async function runRows({ work, encode }: RowProgram): Promise<never> {
  const rows = openRowReader();
  const out = openRowWriter();
  let isOver = false;

  process.on('exit', (code) => {
    if (isOver) return;
    process.exitCode = EXIT.early;
    rows.drain();
    insist(`forkfold: the process was ended with code ${code} before its work was done\n`);
  });
  const fail = (error: unknown): never => {
    rows.drain();
    insist(lineOf(error, encode));
    isOver = true;
    process.exit(EXIT.failed);
  };
  process.on('uncaughtException', fail);

  try {
    await work(rows, out);
    if (!rows.isAtEnd) throw new Error('The runner has left rows unread');
    out.flush();
  } catch (error) {
    return fail(error);
  }
  isOver = true;
  process.exit(0);
}

/** Ends the process when its arguments are not as many as it knows, as when a pattern in its command matched two files. */
export function checkArguments(args: readonly string[], count: number): void {
  if (args.length === count) return;
  openRowReader().drain();
  insist(`forkfold: expected ${count} arguments, got ${JSON.stringify(args)}\n`);
  process.exit(EXIT.usage);
}

/** A failure that cannot be encoded must not hide that there was one. */
function lineOf(error: unknown, encode: RowProgram['encode']): string {
  try {
    return failureLine(encode(error));
  } catch {
    const text = error instanceof Error ? String(error.stack) : String(error);
    return `forkfold: ${text.slice(0, LONGEST_LINE)}\n`;
  }
}

/**
 * More than a pipe holds (64 KB), what Java reads ahead of Spark (8 KB) and what Spark keeps (2 KB): once so much is written,
 * Spark has seen the last 2 KB of some of it.
 */
const INSISTENCE = 80 * 1024;

/**
 * Writes a line to stderr so often that Spark must have read it. Spark makes its error when the process ends, of what it has read
 * until then, and a line that was written just before may still lie in the pipe.
 */
function insist(line: string): void {
  try {
    writeAll(2, Buffer.from(line.repeat(Math.ceil(INSISTENCE / line.length))));
  } catch {
    // Nobody reads any more, and the exit code is told all the same.
  }
}
