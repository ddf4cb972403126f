import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OptionError } from '@forkfold/core';
import { runDirectory } from '@forkfold/core/engine';
import { checkNames, type SessionFile } from '../client/artifacts.js';
import type { SparkRow } from '../client/rows.js';
import type { QueryOptions } from '../client/run-plan.js';
import type { SparkDoor } from '../client/spark-door.js';
import { EngineError } from '../engine-error.js';
import { sqlText } from '../sql/stages-query.js';
import { lateStart } from './cli-error.js';
import { startSqlProcess, type SqlProcess } from './sql-process.js';

export interface SqlClientOptions {
  /** The program `spark-sql`, and arguments such as `--master`. */
  readonly command: readonly string[];
  readonly conf: Readonly<Record<string, string | number | boolean>>;
  /** How long it may take to start, in ms: a JVM, and room for it on a cluster. @default 600000 */
  readonly patience?: number | undefined;
}

const OLDEST = 4;
const PATIENCE = 600_000;

/** What a session that nobody else sees needs: no metastore, and no tables of its own in the directory of the user. */
const PRIVATE = { 'spark.sql.catalogImplementation': 'in-memory', 'spark.ui.showConsoleProgress': false };

/**
 * Starts the command line of Spark, whose driver runs on this machine then, and keeps it open. All cells of its rows are texts.
 *
 * @throws EngineError that says what keeps it from starting.
 */
export async function openSqlClient(options: SqlClientOptions, signal?: AbortSignal): Promise<SparkDoor> {
  const { command, conf, patience = PATIENCE } = options;
  const place = runDirectory(tmpdir());
  const directory = place.path;
  if (/[\s;'"]/.test(directory)) {
    throw new OptionError(
      `spark-sql reads scripts of a path without spaces and quotes, not of ${directory}: set TMPDIR to such a directory`,
      'via',
    );
  }
  place.ensure();
  const warehouse = { 'spark.sql.warehouse.dir': join(directory, 'warehouse') };
  const process = startSqlProcess({ command, conf: { ...PRIVATE, ...warehouse, ...conf }, directory });
  const close = async (): Promise<void> => {
    await process.close();
    await place.remove();
  };
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(lateStart(command, patience / 1000, process.stderr)), patience);
  try {
    const found = await greet(process, AbortSignal.any([late.signal, ...(signal ? [signal] : [])]));
    return clientOn(process, { ...found, directory, close });
  } catch (error) {
    await close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

interface Found {
  readonly version: string;
  readonly applicationId: string | undefined;
}

async function greet(process: SqlProcess, signal: AbortSignal): Promise<Found> {
  const { row } = process.marks;
  const lines: string[] = [];
  for await (const line of process.step(['SET spark.app.id', `SELECT '${row}', version()`], signal))
    lines.push(line);
  const cell = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name}\t`))?.slice(name.length + 1);
  const [version = ''] = cell(row)?.split(' ') ?? [];
  if (!(Number.parseInt(version) >= OLDEST)) {
    throw new EngineError(
      `Expected spark-sql of Spark ${OLDEST}.0 or newer, it is ${version || 'of no version'}`,
    );
  }
  const applicationId = cell('spark.app.id');
  process.applicationId = applicationId;
  return { version, applicationId };
}

function clientOn(
  process: SqlProcess,
  {
    version,
    applicationId,
    directory,
    close,
  }: Found & { readonly directory: string; close(): Promise<void> },
): SparkDoor {
  const { row } = process.marks;
  const files = join(directory, 'files');

  async function* query(
    sql: string,
    { signal }: QueryOptions = {},
  ): AsyncGenerator<SparkRow, void, undefined> {
    const begin = `${row}\t`;
    for await (const line of process.step([`SELECT '${row}', q.* FROM (${sql}) q`], signal)) {
      // Anyone may write to the stdout of a JVM.
      if (line.startsWith(begin)) yield line.slice(begin.length).split('\t');
    }
  }

  async function run(statements: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    for await (const _ of process.step(statements, signal));
  }

  return {
    sessionId: randomUUID(),
    version,
    applicationId,
    async addFiles(given: readonly SessionFile[], signal) {
      checkNames(given);
      mkdirSync(files, { recursive: true, mode: 0o700 });
      const added = given.map(({ name, data }) => {
        const path = join(files, name);
        writeFileSync(path, data, { mode: 0o600 });
        return `ADD FILE ${sqlText(path)}`;
      });
      await run(added, signal);
    },
    query,
    async sql(sql, options) {
      const rows: SparkRow[] = [];
      for await (const found of query(sql, options)) rows.push(found);
      return rows;
    },
    command: (sql, { signal } = {}) => run([sql], signal),
    isThere: () => Promise.resolve(process.isAlive),
    close,
    [Symbol.asyncDispose]: close,
  };
}
