import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { EngineError } from '../engine-error.js';
import { artifactMessages, checkNames, pathOf, type SessionFile } from './artifacts.js';
import { openChannel, type Channel } from './channel.js';
import type { Calls, SaveMode } from './messages.js';
import { parseRemote } from './remote.js';
import { DEFAULT_RETRY, retrying, type RetryPolicy } from './retry.js';
import type { SparkRow } from './rows.js';
import type { SparkDoor } from './spark-door.js';
import { relation, runCommand, runQuery, type PlanContext, type QueryOptions } from './run-plan.js';
import { isOverdue } from './status.js';
import { toEngineError, unreachable } from './to-engine-error.js';

export interface ClientOptions {
  /** Where the server is: `sc://host:port/;token=...;use_ssl=true;user_id=...`. */
  readonly remote: string;
  /** The bearer token, instead of the one in `remote`. */
  readonly token?: string | undefined;
  /** Certificates, as PEM, to trust instead of Node's own. */
  readonly rootCertificates?: Buffer | undefined;
  /**
   * How long to knock at a server that takes no connection, in ms. One that takes it and says nothing, as a JVM that has just
   * started, gets five times as long. @default 3000
   */
  readonly connectPatience?: number | undefined;
  /** How long to go on with a server that answers no more. */
  readonly retry?: RetryPolicy | undefined;
}

export interface WriteOptions extends QueryOptions {
  readonly path: string;
  /** @default 'text' */
  readonly format?: string | undefined;
  /** @default 'SAVE_MODE_ERROR_IF_EXISTS' */
  readonly mode?: SaveMode | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** A session on a Spark Connect server. */
export interface SparkClient extends SparkDoor {
  /** Sets configuration of the session. */
  configure(settings: Readonly<Record<string, string | number | boolean>>): Promise<void>;
  /** The configuration of some keys; `undefined` for one that is not set. */
  configuration(keys: readonly string[]): Promise<Readonly<Record<string, string | undefined>>>;
  /** Has Spark's own committer write the rows of a query. */
  write(sql: string, options: WriteOptions): Promise<void>;
  /** Interrupts all that runs in the session, and gives the ids of what it interrupted. */
  interrupt(): Promise<readonly string[]>;
  /** Ends the connection, and the session on the server unless the address named it. */
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
    return sessionOn({ channel, retry, version, applicationId, isOwn: remote.sessionId === undefined });
  } catch (error) {
    channel.close();
    throw unreachable(error, channel.name);
  }
}

async function greet(channel: Channel, patience: number): Promise<string> {
  const end = Date.now() + 5 * patience;
  let reason: unknown;
  const { spark_version: answer } = await retrying({ patience, firstPause: 100, longestPause: 1000 }, () =>
    channel.call('AnalyzePlan', { spark_version: {} }, end - Date.now()).catch((error: unknown) => {
      // That time is up says less than what an earlier try met with.
      if (isOverdue(error)) throw unreachable(reason ?? error, channel.name);
      reason = error;
      throw error;
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

interface Session extends PlanContext {
  readonly version: string;
  /** Whether the session ends with the client; one that the address names may be others' as well. */
  readonly isOwn: boolean;
}

function sessionOn(session: Session): SparkClient {
  const { channel, retry, version, applicationId, isOwn } = session;
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw await toEngineError(error, channel, applicationId);
    }
  };
  const call = <M extends keyof Calls>(
    method: M,
    request: Calls[M]['request'],
  ): Promise<Calls[M]['response']> =>
    told(() => retrying(retry, () => channel.call(method, request, CALL_DEADLINE)));
  const close = async (): Promise<void> => {
    if (isOwn) await channel.call('ReleaseSession', {}, CLOSE_DEADLINE).catch(() => undefined);
    channel.close();
  };

  const configuration: SparkClient['configuration'] = (keys) =>
    told(() => readConfiguration(channel, retry, keys));

  return {
    sessionId: channel.sessionId,
    version,
    applicationId,
    configure: async (settings) => {
      const pairs = Object.entries(settings).map(([key, value]) => ({ key, value: String(value) }));
      await call('Config', { operation: { set: { pairs } } });
    },
    configuration,
    async isThere() {
      try {
        await configuration([]);
        return true;
      } catch (error) {
        const isGone =
          error instanceof EngineError && error.condition?.startsWith('INVALID_HANDLE.') === true;
        if (isGone) return false;
        throw error;
      }
    },
    addFiles: (files, signal) => told(() => sendFiles(channel, retry, files, signal)),
    query: (sql, options) => runQuery(session, sql, options),
    sql: async (sql, options) => {
      const rows: SparkRow[] = [];
      for await (const row of runQuery(session, sql, options)) rows.push(row);
      return rows;
    },
    command: (sql, options) => runCommand(session, { sql_command: { input: relation(sql) } }, options),
    write: (sql, { path, format = 'text', mode = 'SAVE_MODE_ERROR_IF_EXISTS', options = {}, ...rest }) => {
      const write = { input: relation(sql), source: format, path, mode, options };
      return runCommand(session, { write_operation: write }, rest);
    },
    interrupt: async () =>
      (await call('Interrupt', { interrupt_type: 'INTERRUPT_TYPE_ALL' })).interrupted_ids,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function sendFiles(
  channel: Channel,
  retry: RetryPolicy,
  files: readonly SessionFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  checkNames(files);
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

function withToken(remote: string, token: string): string {
  const parts = remote.split(';').filter((part) => part !== '' && !part.startsWith('token='));
  return [...parts, `token=${encodeURIComponent(token)}`].join(';');
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // Many containers run under a user id that their system has no name for.
    return 'forkfold';
  }
}
