/*
 * `npm run test:duckdb [-- jest's arguments]`: what forkfold writes DuckDB reads, and for Parquet the other way round. DuckDB has 70 MB
 * of native code, so it is no dependency: it is brought to the cache of the benches, and where it cannot be had this says so.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runJest } from './run-jest.mjs';
import { setup } from './setup.mjs';

await setup();
const { DUCKDB_PACKAGE, findPackage } = await import('../packages/bench/dist/measure/native-package.js');
const url = findPackage(DUCKDB_PACKAGE, join(tmpdir(), 'forkfold-bench-cache'));
if (url === undefined) {
  console.log('SKIPPED: the tests with DuckDB need @duckdb/node-api, which npm cannot bring');
} else {
  process.env.FORKFOLD_DUCKDB = url;
  process.exitCode = await runJest('packages/parquet/jest.duckdb.config.js');
}
