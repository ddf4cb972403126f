import { writeSales } from '../inputs/sales.js';
import { DUCKDB_PACKAGE, programsWith } from '../measure/native-package.js';
import { nodeProgram } from '../measure/program.js';
import { DUCKDB, LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** Three of the twenty columns of a CSV file, some texts in quotes: 1 GB of it. */
export const sales: Question = {
  ask(options) {
    const rows = scaled(6_400_000, options);
    const { path, facts } = options.cache.input(`sales-1-${rows}.csv`, (file) => writeSales(file, rows));
    return {
      title: `${rows} rows of CSV of 20 columns, three of them added up by 2000 shops`,
      expected: facts,
      records: rows,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'sales/loop', [path]),
        nodeProgram(ONE, 'sales/forkfold', [path, 1]),
        nodeProgram(TWO, 'sales/forkfold', [path, 2]),
        ...programsWith(DUCKDB_PACKAGE, options.cache, (url) =>
          nodeProgram(DUCKDB, 'sales/duckdb', [url, path]),
        ),
      ],
    };
  },
};
