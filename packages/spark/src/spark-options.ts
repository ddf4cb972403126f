/** How executors run the work, whichever way leads to Spark. */
export interface SparkRunOptions {
  /** Spark's configuration of the session, such as `{ 'spark.sql.shuffle.partitions': 64 }`. */
  readonly conf?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** The program `node` on the executors: a name on their PATH, or a path. @default 'node' */
  readonly node?: string | undefined;
  /** How many tasks the cluster runs at once. @default what Spark says: `spark.default.parallelism`, else the executors' cores */
  readonly lanes?: number | undefined;
  /**
   * Files that the user's code reads on the executors, where `process.env.FORKFOLD_FILES` names their directory. Their names
   * are of letters, digits and `._-`.
   */
  readonly files?: readonly string[] | undefined;
}

/** A Spark Connect server, which Spark 4 brings. */
export interface SparkConnectOptions extends SparkRunOptions {
  readonly via?: 'connect' | undefined;
  /** The address of the server: `sc://host:15002/;token=...;use_ssl=true;user_id=...`. */
  readonly remote: string;
  /** The bearer token, instead of the one in `remote`. */
  readonly token?: string | undefined;
  /** Certificates, as PEM, to trust instead of Node's own. */
  readonly rootCertificates?: Buffer | undefined;
}

/** Spark's own command line, for clusters without Connect: it is started here, and is the driver. Not on Windows. */
export interface SparkSqlOptions extends SparkRunOptions {
  readonly via: 'spark-sql';
  /**
   * The program: a name on the PATH, a path, or an array of it and its arguments, such as
   * `['spark-sql', '--master', 'yarn', '--driver-memory', '4g']`.
   * @default 'spark-sql'
   */
  readonly command?: string | readonly [string, ...string[]] | undefined;
}

/** Where Spark is, and how its executors run the work. */
export type SparkOptions = SparkConnectOptions | SparkSqlOptions;
