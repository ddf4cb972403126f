import { writeSales } from '../inputs/sales.js';
import { duckdbPrograms } from '../measure/duckdb.js';
import { nodeProgram } from '../measure/program.js';
import { DUCKDB, LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** Three of the twenty columns of a CSV file, some texts in quotes; 1 GB at a scale of 10. */
export const sales: Question = {
  ask(options) {
    const rows = scaled(600_000, options);
    const { path, facts } = options.cache.input(`sales-1-${rows}.csv`, (file) => writeSales(file, rows));
    return {
      title: `${rows} rows of CSV of 20 columns, three of them added up by 2000 shops`,
      expected: facts,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'sales/loop', [path]),
        nodeProgram(ONE, 'sales/forkfold', [path, 1]),
        nodeProgram(TWO, 'sales/forkfold', [path, 2]),
        ...duckdbPrograms(options.cache, DUCKDB, 'sales/duckdb', [path]),
      ],
    };
  },
};
