import cli from './packages/cli/jest.config.js';
import core from './packages/core/jest.config.js';
import parquet from './packages/parquet/jest.config.js';
import report from './packages/report/jest.config.js';
import spark from './packages/spark/jest.config.js';

/** Jest hears of these at the root only. */
const limits = ['maxWorkers', 'testTimeout'];

function projectOf(config) {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !limits.includes(name)));
}

/** All that `npm test` runs, under the limits of core's tests. */
export default {
  projects: [core, report, spark, parquet, cli].map(projectOf),
  maxWorkers: core.maxWorkers,
  testTimeout: core.testTimeout,
};
