import type { SessionFile } from './artifacts.js';
import type { SparkRow } from './rows.js';
import type { QueryOptions } from './run-plan.js';

/** A session of Spark's, whichever way leads there. Its methods reject with an `EngineError`, or with the reason of their signal. */
export interface SparkDoor extends AsyncDisposable {
  readonly sessionId: string;
  /** Such as `4.2.0`. */
  readonly version: string;
  readonly applicationId: string | undefined;
  /** Brings files to the executors. A name stays what it is for a session: other content for it is refused. */
  addFiles(files: readonly SessionFile[], signal?: AbortSignal): Promise<void>;
  /** Runs a query, and gives its rows as they come. Leaving the loop stops the query, or lets go of what it still gives. */
  query(sql: string, options?: QueryOptions): AsyncGenerator<SparkRow, void, undefined>;
  /** Runs a query, and gives all its rows. */
  sql(sql: string, options?: QueryOptions): Promise<SparkRow[]>;
  /** Runs a statement that gives no rows, such as INSERT or CACHE TABLE. */
  command(sql: string, options?: QueryOptions): Promise<void>;
  /** Whether the session is still there: Spark forgets some, and ends some. */
  isThere(): Promise<boolean>;
  close(): Promise<void>;
}
