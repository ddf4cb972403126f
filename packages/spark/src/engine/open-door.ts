import { connect } from '../client/client.js';
import type { SparkDoor } from '../client/spark-door.js';
import { openSqlClient } from '../cli/sql-client.js';
import type { SparkOptions } from '../spark-options.js';

/** A program that has ended its output may still fail, and Spark waits so long for it, in seconds: by default it would be done. */
const EXIT_PATIENCE = 600;

/**
 * Spark compares what the attempts at a task have given, byte by byte, and fails a query that has to begin anew where it cannot.
 * V8 writes a value in other bytes from time to time, which mean the same.
 */
const ATTEMPTS_MAY_DIFFER = {
  'spark.sql.shuffle.orderIndependentChecksum.enabled': false,
  'spark.sql.shuffle.orderIndependentChecksum.enableFullRetryOnMismatch': false,
  'spark.sql.shuffle.orderIndependentChecksum.enableQueryLevelRollbackOnMismatch': false,
};

/** Opens a session that is set up for runs, by the way that the options name. */
export async function openDoor(options: SparkOptions, signal?: AbortSignal): Promise<SparkDoor> {
  const conf = {
    ...ATTEMPTS_MAY_DIFFER,
    ...options.conf,
    'spark.sql.scriptTransformation.exitTimeoutInSeconds': EXIT_PATIENCE,
  };
  if (options.via === 'spark-sql') {
    const { command = 'spark-sql' } = options;
    return openSqlClient({ command: typeof command === 'string' ? [command] : command, conf }, signal);
  }
  const client = await connect(options);
  try {
    await client.configure(conf);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}
