import { join } from 'node:path';
import { isThere } from './is-there.mjs';

/** The command line of Spark that `SPARK_HOME` or the PATH has, if there is one that runs. */
export async function findSparkSql() {
  const { SPARK_HOME } = process.env;
  const program = SPARK_HOME ? join(SPARK_HOME, 'bin', 'spark-sql') : 'spark-sql';
  return (await isThere(program, ['--version'])) && program;
}
