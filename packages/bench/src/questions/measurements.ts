import type { BenchOptions } from '../bench-options.js';
import { writeMeasurements } from '../inputs/measurements.js';
import { DUCKDB_PACKAGE, POLARS_PACKAGE, programsWith } from '../measure/native-package.js';
import { nodeProgram } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { halves } from './halves.js';
import { DUCKDB, LIMIT, LOOP, ONE, scaled, TWO, type Question } from './question.js';

export const BYTES = 'forkfold byteChunks, 2 processes';
export const CSV_ONE = 'forkfold csv, 1 process';
export const CSV = 'forkfold csv, 2 processes';
export const CSV_PARSE = 'one loop over csv-parse';
export const POLARS = 'nodejs-polars, 2 threads';

/** The One Billion Row Challenge, with fewer rows: the lowest, mean and highest temperature of each station. */
export const measurements: Question = {
  ask(options) {
    const rows = scaled(10_000_000, options);
    const { path, facts } = measurementsInput(rows, options);
    return {
      title: `Temperatures of 413 stations, ${rows} rows`,
      expected: facts,
      records: rows,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'measurements/loop', [path]),
        halves(LIMIT, 'measurements/loop', path, rows),
        nodeProgram(ONE, 'measurements/forkfold', [path, 1, 'lines']),
        nodeProgram(TWO, 'measurements/forkfold', [path, 2, 'lines']),
        nodeProgram(BYTES, 'measurements/forkfold', [path, 2, 'bytes']),
        nodeProgram(CSV_ONE, 'measurements/forkfold', [path, 1, 'csv']),
        nodeProgram(CSV, 'measurements/forkfold', [path, 2, 'csv']),
        nodeProgram(CSV_PARSE, 'measurements/csv-parse', [path]),
        nodeProgram('one loop over udsv', 'measurements/udsv', [path]),
        ...programsWith(DUCKDB_PACKAGE, options.cache, (url) =>
          nodeProgram(DUCKDB, 'measurements/duckdb', [url, path]),
        ),
        ...programsWith(POLARS_PACKAGE, options.cache, (url) => ({
          ...nodeProgram(POLARS, 'measurements/polars', [url, path]),
          env: { POLARS_MAX_THREADS: '2' },
        })),
        ...onNodePools('measurements/by-hand', [path]),
        ...onPythonPools(options.python, 'measurements', [path]),
      ],
    };
  },
};

export function measurementsInput(
  rows: number,
  { cache }: BenchOptions,
): { readonly path: string; readonly facts: string } {
  return cache.input(`measurements-1-${rows}.txt`, (file) => writeMeasurements(file, rows));
}
