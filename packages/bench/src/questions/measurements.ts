import type { BenchOptions } from '../bench-options.js';
import { writeMeasurements } from '../inputs/measurements.js';
import { duckdbPrograms } from '../measure/duckdb.js';
import { nodeProgram } from '../measure/program.js';
import { halves } from './halves.js';
import { DUCKDB, LIMIT, LOOP, ONE, POOL, scaled, TWO, type Question } from './question.js';

export const BYTES = 'forkfold byteChunks, 2 processes';

/** The One Billion Row Challenge, with fewer rows: the lowest, mean and highest temperature of each station. */
export const measurements: Question = {
  ask(options) {
    const rows = scaled(10_000_000, options);
    const { path, facts } = measurementsInput(rows, options);
    return {
      title: `Temperatures of 413 stations, ${rows} rows`,
      expected: facts,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'measurements/loop', [path]),
        halves(LIMIT, 'measurements/loop', path, rows),
        nodeProgram(ONE, 'measurements/forkfold', [path, 1, 'lines']),
        nodeProgram(TWO, 'measurements/forkfold', [path, 2, 'lines']),
        nodeProgram(BYTES, 'measurements/forkfold', [path, 2, 'bytes']),
        ...duckdbPrograms(options.cache, DUCKDB, 'measurements/duckdb', [path]),
        ...options.python.programs(POOL, 'measurements', [path, 2]),
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
