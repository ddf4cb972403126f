import type { Figure } from './measure/compare.js';
import { otherPools } from './questions/by-hand.js';
import { STREAM, REDUCE, IMAP } from './questions/generator.js';
import { BYTES, CSV, CSV_PARSE, POLARS } from './questions/measurements.js';
import { NOTHING } from './questions/empty.js';
import { DUCKDB, LIMIT, LOOP, ONE, POOL } from './questions/question.js';
import { GNU_SORT } from './questions/sort.js';
import { AT_ONCE, IN_TURN } from './questions/warm-runs.js';

/** What is to be reached: by a figure itself, in seconds or MB, or by its ratio to the same figure of a rival. */
export interface Goal {
  /** The name of a question. */
  readonly work: string;
  /** The name of one of its programs. @default forkfold with two processes */
  readonly program?: string;
  readonly figure: Figure;
  /** A program, or several, the fastest of which is the rival. */
  readonly rival?: string | readonly string[];
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Never slower than where the user of another pool cuts and folds by hand. */
const besideOtherPools: readonly Goal[] = [
  ...['1brc', 'word-count', 'json-lines', 'distinct', 'join', 'many-files', 'small-files'],
  ...['factorial-list', 'factorial', 'empty'],
]
  .map((work): Goal => ({ work, figure: 'wall', rival: otherPools, atMost: 1 }))
  .concat([
    { work: 'generator', program: STREAM, figure: 'wall', rival: otherPools, atMost: 1 },
    { work: 'warm-integers', figure: 'seconds', rival: otherPools, atMost: 1 },
    { work: 'warm-objects', figure: 'seconds', rival: otherPools, atMost: 1 },
  ]);

/** All that is to be reached: the one place to set it. */
export const goals: readonly Goal[] = [
  { work: '1brc', figure: 'wall', rival: LIMIT, atMost: 1.25 },
  { work: '1brc', figure: 'wall', rival: LOOP, atMost: 1 / 1.5 },
  { work: '1brc', figure: 'cpu', rival: LOOP, atMost: 1.25 },
  { work: '1brc', figure: 'wall', rival: DUCKDB, atMost: 1.5 },
  { work: '1brc', program: BYTES, figure: 'wall', rival: DUCKDB, atMost: 0.95 },
  { work: '1brc', program: CSV, figure: 'wall', rival: DUCKDB, atMost: 1 },
  { work: '1brc', program: CSV, figure: 'cpu', rival: DUCKDB, atMost: 1.1 },
  { work: '1brc', program: CSV, figure: 'wall', rival: POLARS, atMost: 1.3 },
  { work: '1brc', program: CSV, figure: 'wall', rival: CSV_PARSE, atMost: 1 / 5 },
  { work: '1brc', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: '1brc', figure: 'parentShare', atMost: 0.03 },

  { work: 'word-count', figure: 'wall', rival: LIMIT, atMost: 1.3 },
  { work: 'word-count', figure: 'cpu', rival: LOOP, atMost: 1.2 },
  { work: 'word-count', figure: 'wall', rival: POOL, atMost: 0.75 },
  { work: 'word-count', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'word-count', figure: 'parentShare', atMost: 0.03 },

  { work: 'json-lines', figure: 'wall', rival: LIMIT, atMost: 1.25 },
  { work: 'json-lines', figure: 'wall', rival: LOOP, atMost: 1 / 1.5 },
  { work: 'json-lines', figure: 'cpu', rival: LOOP, atMost: 1.2 },
  { work: 'json-lines', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'json-lines', figure: 'parentShare', atMost: 0.03 },

  { work: 'flights', figure: 'wall', rival: DUCKDB, atMost: 4 },
  { work: 'flights', figure: 'wall', rival: LOOP, atMost: 1 / 1.5 },
  { work: 'wide-csv', figure: 'wall', rival: LOOP, atMost: 1 / 1.7 },
  { work: 'wide-csv', figure: 'parentMemory', atMost: 120 },
  { work: 'wide-csv', figure: 'childMemory', atMost: 200 },
  { work: 'wide-csv', figure: 'parentShare', atMost: 0.03 },

  { work: 'sort', figure: 'wall', rival: GNU_SORT, atMost: 2 },
  { work: 'sort', figure: 'cpu', rival: GNU_SORT, atMost: 2.5 },
  { work: 'sort', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'sort', figure: 'parentShare', atMost: 0.03 },
  { work: 'distinct', figure: 'wall', rival: LOOP, atMost: 1 / 2 },
  { work: 'distinct', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'distinct', figure: 'parentShare', atMost: 0.03 },
  { work: 'join', figure: 'wall', rival: LOOP, atMost: 1 / 1.3 },
  { work: 'join', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'join', figure: 'parentShare', atMost: 0.03 },

  { work: 'generator', program: STREAM, figure: 'wall', rival: IMAP, atMost: 1.2 },
  { work: 'generator', program: REDUCE, figure: 'wall', rival: IMAP, atMost: 1 },
  { work: 'range', figure: 'wall', rival: LOOP, atMost: 3 },

  { work: 'warm-integers', figure: 'seconds', rival: POOL, atMost: 0.9 },
  { work: 'warm-objects', figure: 'seconds', rival: POOL, atMost: 0.8 },
  { work: 'factorial-list', figure: 'wall', rival: POOL, atMost: 0.9 },
  { work: 'factorial-list', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'factorial', figure: 'wall', rival: POOL, atMost: 0.6 },
  { work: 'factorial', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },

  { work: 'many-files', figure: 'wall', rival: LOOP, atMost: 1 },
  { work: 'many-files', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'many-files', figure: 'parentMemory', atMost: 200 },
  { work: 'many-files', figure: 'parentShare', atMost: 0.03 },
  { work: 'small-files', figure: 'wall', rival: LOOP, atMost: 1 / 1.5 },
  { work: 'small-files', program: ONE, figure: 'wall', rival: LOOP, atMost: 1.2 },
  { work: 'small-files', figure: 'parentShare', atMost: 0.03 },

  // 0.22 s and 0.35 s of CPU on a machine where Node itself takes 0.06 s.
  { work: 'empty', figure: 'wall', rival: NOTHING, atMost: 3.7 },
  { work: 'empty', figure: 'cpu', rival: NOTHING, atMost: 5.8 },
  { work: 'memory', figure: 'parentMemory', atMost: 100 },
  { work: 'memory', figure: 'childMemory', atMost: 150 },
  // Where a run lasts for more than a few seconds: of shorter ones the start alone is more.
  { work: 'memory', figure: 'parentShare', atMost: 0.03 },

  { work: 'warm-record', figure: 'seconds', atMost: 0.0005 },
  { work: 'warm-keyed', figure: 'seconds', atMost: 0.001 },
  { work: 'runs-at-once', program: AT_ONCE, figure: 'seconds', rival: IN_TURN, atMost: 1.2 },

  ...besideOtherPools,
];
