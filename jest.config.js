import core from './packages/core/jest.config.js';
import parquet from './packages/parquet/jest.config.js';
import cli from './packages/cli/jest.config.js';
import report from './packages/report/jest.config.js';
import spark from './packages/spark/jest.config.js';

// Jest hears of these at the root only.
const { testTimeout: _ours, ...reportProject } = report;
const { maxWorkers, testTimeout, ...coreProject } = core;

/** All that `npm test` runs, under the limits of core's tests. */
export default {
  projects: [coreProject, reportProject, spark, parquet, cli],
  maxWorkers,
  testTimeout,
};
