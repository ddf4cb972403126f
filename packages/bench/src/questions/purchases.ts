import { writePurchases } from '../inputs/purchases.js';
import { DUCKDB_PACKAGE, programsWith } from '../measure/native-package.js';
import { nodeProgram } from '../measure/program.js';
import { onNodePools, onPythonPools } from './by-hand.js';
import { halves } from './halves.js';
import { DUCKDB, LIMIT, LOOP, ONE, scaled, TWO, type Question } from './question.js';

/** JSON lines: a filter, then a sum by key. */
export const purchases: Question = {
  ask(options) {
    const rows = scaled(3_000_000, options);
    const { path, facts } = options.cache.input(`purchases-1-${rows}.jsonl`, (file) =>
      writePurchases(file, rows),
    );
    return {
      title: `${rows} lines of JSON, filtered and added up by 50,000 keys`,
      expected: facts,
      records: rows,
      time: 'wall',
      programs: [
        nodeProgram(LOOP, 'purchases/loop', [path]),
        halves(LIMIT, 'purchases/loop', path, rows),
        nodeProgram(ONE, 'purchases/forkfold', [path, 1]),
        nodeProgram(TWO, 'purchases/forkfold', [path, 2]),
        ...programsWith(DUCKDB_PACKAGE, options.cache, (url) =>
          nodeProgram(DUCKDB, 'purchases/duckdb', [url, path]),
        ),
        ...onNodePools('purchases/by-hand', [path]),
        ...onPythonPools(options.python, 'purchases', [path]),
      ],
    };
  },
};
