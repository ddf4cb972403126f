import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What tests use of DuckDB. */
export interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowObjectsJS(): Record<string, unknown>[] }>;
}

/** Connects to a database in memory. `npm run test:duckdb` says where DuckDB is. */
export async function connect(): Promise<Connection> {
  // A native module is loaded once a process, so jest must not load it anew for each file.
  const require = createRequire(import.meta.url);
  const { DuckDBInstance } = require(fileURLToPath(process.env['FORKFOLD_DUCKDB']!)) as {
    DuckDBInstance: { create(): Promise<{ connect(): Promise<Connection> }> };
  };
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run("set TimeZone = 'UTC'");
  return connection;
}
