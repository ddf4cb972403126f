import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { OptionError } from '@forkfold/core';
import { EngineError } from '../engine-error.js';
import { artifactMessages, pathOf, type SessionFile } from './artifacts.js';
import { openChannel, type Channel } from './channel.js';
import { execute } from './execute.js';
import type { ExecutePlanResponse, ExecutionProgress, Relation, SaveMode, SparkPlan } from './messages.js';
import { parseRemote } from './remote.js';
import { DEFAULT_RETRY, retrying, type RetryPolicy } from './retry.js';
import { rowsOf, type SparkRow } from './rows.js';
import { isOverdue } from './status.js';
import { toEngineError, unreachable } from './to-engine-error.js';

export interface ClientOptions {
  /** Where the server is: `sc://host:port/;token=...;use_ssl=true;user_id=...`. */
  readonly remote: string;
  /** The bearer token, instead of the one in `remote`. */
  readonly token?: string | undefined;
  /** Certificates, as PEM, to trust instead of Node's own. */
  readonly rootCertificates?: Buffer | undefined;
  /** How long to knock at a server that does not answer, in ms. @default 3000 */
  readonly connectPatience?: number | undefined;
  /** How long to go on with a server that answers no more. */
  readonly retry?: RetryPolicy | undefined;
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the query is, about every two seconds. */
  readonly onProgress?: ((progress: ExecutionProgress) => void) | undefined;
}

export interface WriteOptions extends QueryOptions {
  readonly path: string;
  /** @default 'text' */
  readonly format?: string | undefined;
  /** @default 'SAVE_MODE_ERROR_IF_EXISTS' */
  readonly mode?: SaveMode | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** A session on a Spark Connect server. Its methods reject with an `EngineError`, or with the reason of their signal. */
export interface SparkClient extends AsyncDisposable {
  readonly sessionId: string;
  /** Such as `4.2.0`. */
  readonly version: string;
  readonly applicationId: string | undefined;
  /** Sets configuration of the session. */
  configure(settings: Readonly<Record<string, string | number | boolean>>): Promise<void>;
  /** The configuration of some keys; `undefined` for one that is not set. */
  configuration(keys: readonly string[]): Promise<Readonly<Record<string, string | undefined>>>;
  /** Brings files to the executors. A name stays what it is for a session: other content for it is refused. */
  addFiles(files: readonly SessionFile[], signal?: AbortSignal): Promise<void>;
  /** Runs a query, and gives its rows as they come. Leaving the loop stops the query. */
  query(sql: string, options?: QueryOptions): AsyncGenerator<SparkRow, void, undefined>;
  /** Runs a query, and gives all its rows. */
  sql(sql: string, options?: QueryOptions): Promise<SparkRow[]>;
  /** Runs a statement that gives no rows, such as INSERT or CACHE TABLE. */
  command(sql: string, options?: QueryOptions): Promise<void>;
  /** Has Spark's own committer write the rows of a query. */
  write(sql: string, options: WriteOptions): Promise<void>;
  /** Interrupts all that runs in the session, and gives the ids of what it interrupted. */
  interrupt(): Promise<readonly string[]>;
  /** Ends the session on the server, and the connection. */
  close(): Promise<void>;
}

/** The oldest major version whose servers know all that is said here. */
const OLDEST = 4;
const CONNECT_PATIENCE = 3000;
/** In ms: how long a call may take that does little, and one that carries files. */
const CALL_DEADLINE = 60_000;
const SEND_DEADLINE = 10 * 60_000;
const CLOSE_DEADLINE = 5000;

/** Opens a session. Says within seconds what is wrong when there is no server, or not one that can be used. */
export async function connect(options: ClientOptions): Promise<SparkClient> {
  const { remote: text, token, rootCertificates, retry = DEFAULT_RETRY } = options;
  const remote = parseRemote(token === undefined ? text : withToken(text, token));
  const user = remote.userId ?? userName();
  const channel = openChannel({
    remote,
    session: {
      session_id: remote.sessionId ?? randomUUID(),
      user_context: { user_id: user, user_name: user },
      client_type: 'forkfold',
    },
    rootCertificates,
  });
  try {
    const version = await greet(channel, options.connectPatience ?? CONNECT_PATIENCE);
    const applicationId = (await readConfiguration(channel, retry, ['spark.app.id']))['spark.app.id'];
    return sessionOn({ channel, retry, version, applicationId });
  } catch (error) {
    channel.close();
    throw unreachable(error, channel.name);
  }
}

async function greet(channel: Channel, patience: number): Promise<string> {
  const end = Date.now() + patience;
  let reason: unknown;
  const { spark_version: answer } = await retrying({ patience, firstPause: 100, longestPause: 1000 }, () =>
    channel.call('AnalyzePlan', { spark_version: {} }, end - Date.now()).catch((error: unknown) => {
      // That time is up says less than what the first try met with.
      reason = isOverdue(error) ? (reason ?? error) : error;
      throw reason;
    }),
  );
  const version = answer?.version ?? '';
  if (!(Number.parseInt(version) >= OLDEST)) {
    throw new EngineError(
      `Expected Spark ${OLDEST}.0 or newer at ${channel.name}, it is ${version || 'of no version'}`,
    );
  }
  return version;
}

async function readConfiguration(
  channel: Channel,
  retry: RetryPolicy,
  keys: readonly string[],
): Promise<Record<string, string | undefined>> {
  const { pairs } = await retrying(retry, () =>
    channel.call('Config', { operation: { get_option: { keys } } }, CALL_DEADLINE),
  );
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

interface Session {
  readonly channel: Channel;
  readonly retry: RetryPolicy;
  readonly version: string;
  readonly applicationId: string | undefined;
}

function sessionOn({ channel, retry, version, applicationId }: Session): SparkClient {
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw await toEngineError(error, channel, applicationId);
    }
  };
  async function* run(
    plan: SparkPlan,
    { signal, onProgress }: QueryOptions = {},
  ): AsyncGenerator<ExecutePlanResponse, void, undefined> {
    try {
      for await (const response of execute(channel, plan, { retry, signal })) {
        if (response.execution_progress) onProgress?.(response.execution_progress);
        yield response;
      }
    } catch (error) {
      throw await toEngineError(error, channel, applicationId);
    }
  }
  const runToEnd = async (plan: SparkPlan, options?: QueryOptions): Promise<void> => {
    for await (const _ of run(plan, options));
  };
  async function* query(sql: string, options?: QueryOptions): AsyncGenerator<SparkRow, void, undefined> {
    for await (const { arrow_batch: batch } of run({ root: relation(sql) }, options)) {
      if (batch) yield* rowsOf(batch.data);
    }
  }
  const close = async (): Promise<void> => {
    await channel.call('ReleaseSession', {}, CLOSE_DEADLINE).catch(() => undefined);
    channel.close();
  };

  return {
    sessionId: channel.sessionId,
    version,
    applicationId,
    configure: async (settings) => {
      const pairs = Object.entries(settings).map(([key, value]) => ({ key, value: String(value) }));
      await told(() =>
        retrying(retry, () => channel.call('Config', { operation: { set: { pairs } } }, CALL_DEADLINE)),
      );
    },
    configuration: (keys) => told(() => readConfiguration(channel, retry, keys)),
    addFiles: (files, signal) => told(() => sendFiles(channel, retry, files, signal)),
    query,
    sql: async (sql, options) => {
      const rows: SparkRow[] = [];
      for await (const row of query(sql, options)) rows.push(row);
      return rows;
    },
    command: (sql, options) => runToEnd({ command: { sql_command: { input: relation(sql) } } }, options),
    write: (sql, { path, format = 'text', mode = 'SAVE_MODE_ERROR_IF_EXISTS', options = {}, ...rest }) =>
      runToEnd(
        { command: { write_operation: { input: relation(sql), source: format, path, mode, options } } },
        rest,
      ),
    interrupt: async () => {
      const { interrupted_ids: ids } = await told(() =>
        retrying(retry, () =>
          channel.call('Interrupt', { interrupt_type: 'INTERRUPT_TYPE_ALL' }, CALL_DEADLINE),
        ),
      );
      return ids;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

async function sendFiles(
  channel: Channel,
  retry: RetryPolicy,
  files: readonly SessionFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { name } of files) {
    if (!SAFE_NAME.test(name))
      throw new OptionError(
        `Expected a file's name of letters, digits and ._-, got ${JSON.stringify(name)}`,
        'files',
      );
  }
  const summaries = await retrying(retry, () => {
    signal?.throwIfAborted();
    return channel.send(artifactMessages(files), SEND_DEADLINE, signal);
  });
  const arrived = new Map(summaries.map(({ name, is_crc_successful: isWhole }) => [name, isWhole]));
  const torn = files.filter(({ name }) => arrived.get(pathOf(name)) !== true);
  if (torn.length > 0) {
    throw new EngineError(
      `These files did not reach ${channel.name} whole: ${torn.map(({ name }) => name).join(', ')}`,
    );
  }
}

function relation(query: string): Relation {
  return { common: { plan_id: 1 }, sql: { query } };
}

function withToken(remote: string, token: string): string {
  const parts = remote.split(';').filter((part) => part !== '' && !part.startsWith('token='));
  return [...parts, `token=${encodeURIComponent(token)}`].join(';');
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the system's list, as in many containers.
    return 'forkfold';
  }
}
