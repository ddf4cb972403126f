import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { captureCommand } from '../run-command.mjs';
import { isThere } from './is-there.mjs';
import { Skip } from './skip.mjs';

const SPARK = '4.2.0';

/**
 * The folder of Spark's jars (176 of them, 290 MB), brought by Maven where it is not there yet:
 * `FORKFOLD_SPARK_JARS`, else `forkfold/spark-<version>` of the user's cache.
 */
export async function sparkJars(signal) {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const directory = process.env.FORKFOLD_SPARK_JARS || join(cache, 'forkfold', `spark-${SPARK}`);
  if (holdsSpark(directory)) return directory;

  if (!(await isThere('mvn', ['--version']))) {
    throw new Skip(
      `there is no Maven to bring Spark's jars, and FORKFOLD_SPARK_JARS names no folder of them`,
    );
  }
  console.log(`Bringing the jars of Spark ${SPARK} (290 MB) to ${directory} ...`);
  // The next run takes a folder of that name for whole, so a folder gets it when it is.
  const unfinished = `${directory}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    const { code, output } = await captureCommand('mvn', argumentsFor(unfinished), {
      signal,
      timeout: 1_200_000,
    });
    if (code !== 0 || !holdsSpark(unfinished)) {
      const [reason = 'it says nothing'] = output.split('\n').filter((line) => line.includes('[ERROR]'));
      throw new Skip(`Maven could not bring Spark's jars: ${reason.trim()}`);
    }
    rmSync(directory, { recursive: true, force: true });
    renameSync(unfinished, directory);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return directory;
}

function argumentsFor(directory) {
  return [
    '--batch-mode',
    '--quiet',
    '--file',
    join(import.meta.dirname, 'pom.xml'),
    `-Dspark.version=${SPARK}`,
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${directory}`,
  ];
}

function holdsSpark(directory) {
  return existsSync(directory) && readdirSync(directory).some((name) => name.startsWith('spark-connect_'));
}
