import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import {
  loadRun,
  parkRuns,
  runDirectory,
  failureOf,
  type ImportModule,
  type OwnRunDirectory,
} from '@forkfold/core/engine';
import { FailedRun, failureVersions, type RunFailure } from '../ship/run-failure.js';
import { openRunFile } from '../ship/run-file.js';
import { checkArguments, runRows } from './run-rows.js';
import { workOnStage } from './stage-work.js';
import { LINES, sparkLines } from './spark-lines.js';

/** The user's modules by their URLs, loaded when they are asked for. */
export type Modules = Readonly<Record<string, () => ReturnType<ImportModule>>>;

/** What the runner is called with: the run's file, its leash, the number of the stage, and the driver's version of Node.js. */
const ARGUMENTS = 4;

/** The program that runs on executors, bundled with the user's modules. */
export async function runProgram(modules: Modules): Promise<never> {
  const args = process.argv.slice(2);
  checkArguments(args, ARGUMENTS);
  const [path = '', leash = '', stage = '', version = ''] = args;
  let directory: OwnRunDirectory | undefined;
  // It is removed before the last word, since the process ends with it.
  process.on('exit', () => directory?.removeNow());
  const parked = new Promise<void>((resolve) => {
    parkRuns(resolve);
  });
  return runRows({
    async work(rows, out) {
      checkVersion(version);
      checkLeash(leash);
      const file = openRunFile(path);
      const { env, description } = file.run;
      Object.assign(process.env, env, { FORKFOLD_FILES: dirname(path) });
      directory = runDirectory(localDirectory());
      const importModule: ImportModule = async (module) => {
        if (module === LINES) return sparkLines;
        const load = modules[module];
        if (load === undefined) throw new Error(`The bundle lacks ${module}`);
        return load();
      };
      const run = await loadRun(description, { parked, importModule }).catch((error: unknown) => {
        throw new FailedRun(failureOf(error));
      });
      await workOnStage({ stage: Number(stage), file, run, directory }, rows, out);
    },
    encode: (error) => failureVersions(failureFor(error)),
  });
}

/** From here on, what has started this program watches the leash. A machine that does not see its directory sees no leash. */
function checkLeash(leash: string): void {
  if (existsSync(leash) || !existsSync(dirname(leash))) return;
  throw new FailedRun({ kind: 'place', message: 'The run has ended' });
}

/** What no task and no place is to blame for is the runner's own fault. */
function failureFor(error: unknown): RunFailure {
  if (error instanceof FailedRun) return error.failure;
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return { kind: 'place', message: `The program of an executor failed: ${text}` };
}

/** Values cross in the form of V8, which its next major version may not read. */
function checkVersion(driver: string): void {
  const [theirs, own] = [Number.parseInt(driver), Number.parseInt(process.versions.node)];
  if (theirs === own) return;
  throw new FailedRun({
    kind: 'place',
    message:
      `Node.js is ${process.version} on an executor and v${driver} here, and values cross between equal major versions only: ` +
      `install Node.js ${theirs} there, or say where it is ("node")`,
  });
}

/** Where Spark has its own temporary files. */
function localDirectory(): string {
  const { SPARK_LOCAL_DIRS = '', SPARK_EXECUTOR_DIRS = '' } = process.env;
  const [first] = [SPARK_EXECUTOR_DIRS.split(/[:,]/), SPARK_LOCAL_DIRS.split(',')].flat().filter(existsSync);
  return first ?? tmpdir();
}
