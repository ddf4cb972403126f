import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DUCKDB_PACKAGE, programsWith } from '../measure/native-package.js';
import { nodeProgram } from '../measure/program.js';
import { DUCKDB, LOOP, ONE, TWO, type Question } from './question.js';

/** Three columns of a Parquet file of three million flights: the mean delay and the longest way by airport. */
export const flights: Question = {
  ask(options) {
    const entry = createRequire(import.meta.url).resolve('vega-datasets');
    const path = join(dirname(entry), '..', 'data', 'flights-3m.parquet');
    return {
      title: 'Three million flights in a Parquet file, their mean delay by airport',
      expected: EXPECTED,
      records: 3_000_000,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'flights/loop', [path]),
        nodeProgram(ONE, 'flights/forkfold', [path, 1]),
        nodeProgram(TWO, 'flights/forkfold', [path, 2]),
        ...programsWith(DUCKDB_PACKAGE, options.cache, (url) =>
          nodeProgram(DUCKDB, 'flights/duckdb', [url, path]),
        ),
      ],
    };
  },
};

/** The file is the same everywhere: DuckDB's command line has found it. */
const EXPECTED = '229 airports, 3000000 flights, 20003603 minutes, 268553 miles';
