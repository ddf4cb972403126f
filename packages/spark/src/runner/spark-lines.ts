import type { Batch, ChunkReader } from '@forkfold/core/engine';
import type { Row } from './row-reader.js';

/** By which name a plan knows the module of this reader. */
export const LINES = 'forkfold-spark:lines';

/** So many lines are given at a time. */
const BATCH = 1024;

let current: Iterator<Row> | undefined;

/** Has the reader give the lines of these rows, while `work` is done. */
export async function withLines(rows: Iterator<Row>, work: () => Promise<void>): Promise<void> {
  current = rows;
  try {
    await work();
  } finally {
    current = undefined;
  }
}

/** Lines that Spark has read: whatever the chunk says, they are those of the rows under way. */
const reader: ChunkReader = {
  *read(): Generator<Batch> {
    const rows = current;
    if (rows === undefined) throw new Error('There are no lines of Spark under way');
    let records: string[] = [];
    for (let next = rows.next(); !next.done; next = rows.next()) {
      records.push(lineOf(next.value.d));
      if (records.length < BATCH) continue;
      yield { records, locate };
      records = [];
    }
    if (records.length > 0) yield { records, locate };
  },
};

/** Rows are read as bytes. */
function lineOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** Spark tells no place. */
function locate(): Record<string, never> {
  return {};
}

/** What a plan finds in the module. */
export const sparkLines = { lines: reader };
