import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openChannel, type Channel } from '../../src/client/channel.js';
import { connect, type SparkClient } from '../../src/client/client.js';
import { execute } from '../../src/client/execute.js';
import type { ExecutionProgress } from '../../src/client/messages.js';
import { parallelism } from '../../src/client/parallelism.js';
import { parseRemote } from '../../src/client/remote.js';
import { DEFAULT_RETRY } from '../../src/client/retry.js';
import { rowsOf } from '../../src/client/rows.js';
import { proxyTo } from '../client/fake-server.js';
import { openSession, serverAddress, uniqueName } from './session.js';

let client: SparkClient;
let directory: string;

beforeAll(async () => {
  client = await openSession();
  directory = mkdtempSync(join(tmpdir(), 'forkfold-spark-'));
});
afterAll(async () => {
  await client.close();
  rmSync(directory, { recursive: true, force: true });
});

const caught = async (work: Promise<unknown>): Promise<any> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a session', () => {
  test('knows the version and the application, and how many tasks run at once', async () => {
    expect(client.version).toMatch(/^4\./);
    expect(client.applicationId).toMatch(/^local-/);
    expect(await parallelism(client)).toBe(2);
  });

  test.each(['wrong', undefined])('is not opened with the token %s', async (token) => {
    const error = await caught(connect({ remote: serverAddress().remote, token, connectPatience: 20_000 }));
    expect(error).toMatchObject({ name: 'EngineError', status: 'UNAUTHENTICATED' });
  });

  test('sets and reads configuration', async () => {
    await client.configure({ 'spark.sql.scriptTransformation.exitTimeoutInSeconds': 600 });
    expect(
      await client.configuration(['spark.sql.scriptTransformation.exitTimeoutInSeconds', 'no.such.key']),
    ).toEqual({
      'spark.sql.scriptTransformation.exitTimeoutInSeconds': '600',
      'no.such.key': undefined,
    });
  });

  test('cannot be used after it was released', async () => {
    const other = await openSession();
    const { remote, token } = serverAddress();
    await other.close();
    const again = caught(
      connect({ remote: `${remote}/;session_id=${other.sessionId}`, token, connectPatience: 20_000 }),
    );
    expect(await again).toMatchObject({ name: 'EngineError', condition: 'INVALID_HANDLE.SESSION_CLOSED' });
  });
});

describe('rows', () => {
  test('come as values of their types', async () => {
    const query = `SELECT 1, 9223372036854775807L, 'é\\t☃', CAST(NULL AS STRING), true, 1.5D, array(1, 2)`;
    const [[int, long, text, nothing, bool, double, list] = []] = await client.sql(query);
    expect([int, long, text, nothing, bool, double]).toEqual([
      1,
      9223372036854775807n,
      'é\t☃',
      null,
      true,
      1.5,
    ]);
    expect([...(list as Iterable<number>)]).toEqual([1, 2]);
  });

  test('are none where the result is empty', async () => {
    expect(await client.sql('SELECT 1 WHERE false')).toEqual([]);
  });
});

describe('a query longer than the server lets a stream be', () => {
  /** Runs it, and counts the streams that it took. */
  async function counted(
    query: string,
    each: () => unknown,
    address = serverAddress().remote,
  ): Promise<{ rows: unknown[][]; reattached: number }> {
    const { token } = serverAddress();
    const session = {
      session_id: client.sessionId,
      user_context: { user_id: 'counted', user_name: 'counted' },
      client_type: 'test',
    };
    const channel = openChannel({ remote: { ...parseRemote(address), token }, session });
    let reattached = 0;
    const counting: Channel = {
      ...channel,
      stream: (method, request, deadline) => {
        if (method === 'ReattachExecute') reattached += 1;
        return channel.stream(method, request, deadline);
      },
    };
    const rows: unknown[][] = [];
    const plan = { root: { common: { plan_id: 1 }, sql: { query } } };
    for await (const { arrow_batch: batch } of execute(counting, plan, { retry: DEFAULT_RETRY })) {
      if (!batch) continue;
      rows.push(...([...rowsOf(batch.data)] as unknown[][]));
      await each();
    }
    channel.close();
    return { rows, reattached };
  }

  test('goes on in others while it has nothing to say', async () => {
    const { rows, reattached } = await counted(
      "SELECT TRANSFORM(id) USING 'sleep 5; cat' AS (x STRING) FROM range(0, 4, 1, 2)",
      async () => undefined,
    );
    expect(rows.map(([x]) => x).sort()).toEqual(['0', '1', '2', '3']);
    expect(reattached).toBeGreaterThanOrEqual(1);
  });

  test('goes on in others while its rows are taken slowly, each of them once', async () => {
    // A message a partition: so many that they do not all fit in what this side reads ahead.
    const { rows, reattached } = await counted(
      "SELECT id, repeat('x', 1000000) d FROM range(0, 40, 1, 40)",
      () => sleep(200),
    );
    expect(rows.map(([id]) => Number(id))).toEqual(Array.from({ length: 40 }, (_, id) => id));
    expect(rows.every(([, text]) => (text as string).length === 1_000_000)).toBe(true);
    expect(reattached).toBeGreaterThanOrEqual(1);
  });

  test('goes on where it was when its connection breaks again and again', async () => {
    await using way = await proxyTo(parseRemote(serverAddress().remote).port);
    let batches = 0;
    const { rows, reattached } = await counted(
      // The server keeps 10 MB for another stream, so that no more than that may be lost.
      "SELECT id, repeat('x', 20000) d FROM range(0, 500, 1, 50)",
      () => {
        batches += 1;
        if (batches % 3 === 0) way.tear();
      },
      way.remote,
    );
    expect(rows.map(([id]) => Number(id))).toEqual(Array.from({ length: 500 }, (_, id) => id));
    expect(reattached).toBeGreaterThanOrEqual(1);
  });

  test('tells of its progress', async () => {
    const seen: ExecutionProgress[] = [];
    await client.sql("SELECT TRANSFORM(id) USING 'sleep 3; cat' AS (x STRING) FROM range(0, 4, 1, 4)", {
      onProgress: (progress) => seen.push(progress),
    });
    const stage = seen.at(-1)!.stages.at(-1)!;
    expect(stage.num_tasks).toBe(4);
    expect(stage.num_completed_tasks).toBeGreaterThan(0);
  });
});

describe('an error', () => {
  test('of syntax has its SQLSTATE and its name', async () => {
    expect(await caught(client.sql('SELEC 1'))).toMatchObject({
      name: 'EngineError',
      code: 'ERR_FORKFOLD_ENGINE',
      sqlState: '42601',
      condition: 'PARSE_SYNTAX_ERROR',
      applicationId: client.applicationId,
    });
  });

  test('of a program has its exit code and the end of its stderr', async () => {
    const query =
      "SELECT TRANSFORM(id) USING 'cat > /dev/null; yes why | head -c 81920 >&2; exit 70' AS (x STRING) FROM range(0, 4, 1, 2)";
    const error = await caught(client.sql(query));
    expect(error.name).toBe('EngineError');
    expect(error.chain.join('\n')).toMatch(/status 70\. Error: [\s\S]*why/);
  });
});

describe('files', () => {
  test('lie where the programs of executors run, whole, in a folder of their session', async () => {
    const files = [
      { name: uniqueName('small'), data: Buffer.from('small') },
      { name: uniqueName('large'), data: randomBytes(3_000_001) },
      { name: uniqueName('empty'), data: Buffer.alloc(0) },
    ];
    await client.addFiles(files);
    const script = files.map(({ name }) => `sha256sum */${name}`).join('; ');
    const rows = await client.sql(
      `SELECT TRANSFORM(id) USING 'cat > /dev/null; ${script}' AS (x STRING) FROM range(0, 1, 1, 1)`,
    );
    const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
    const found = rows.map(([line]) => /^(\w+) {2}([^/]+)\/(\w+)$/.exec(line as string)!.slice(1));
    expect(found.map(([sum, , name]) => [sum, name])).toEqual(
      files.map(({ name, data }) => [hash(data), name]),
    );
    expect(new Set(found.map(([, folder]) => folder)).size).toBe(1);
  });

  test('keep their content: the same again is fine, another one is refused', async () => {
    const name = uniqueName('kept');
    await client.addFiles([{ name, data: Buffer.from('a') }]);
    await client.addFiles([{ name, data: Buffer.from('a') }]);
    expect(await caught(client.addFiles([{ name, data: Buffer.from('b') }]))).toMatchObject({
      name: 'EngineError',
    });
  });
});

describe('commands', () => {
  test('write through the committer of Spark, once', async () => {
    const path = join(directory, 'written');
    await client.write('SELECT CAST(id AS STRING) FROM range(0, 10, 1, 2)', { path });
    const lines = readdirSync(path)
      .filter((name) => name.startsWith('part-'))
      .flatMap((name) => readFileSync(join(path, name), 'utf8').trim().split('\n'));
    expect(lines.map(Number).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await caught(client.write('SELECT "x"', { path }))).toMatchObject({
      condition: 'PATH_ALREADY_EXISTS',
      sqlState: '42K04',
    });
    await client.write('SELECT "x"', { path, mode: 'SAVE_MODE_OVERWRITE' });
  });

  test('write with INSERT', async () => {
    const path = join(directory, 'inserted');
    await client.command(`INSERT OVERWRITE DIRECTORY '${path}' USING text SELECT 'a row'`);
    expect(readdirSync(path)).toContain('_SUCCESS');
  });
});

describe('a query that is stopped', () => {
  const sleeping = "SELECT TRANSFORM(id) USING 'sleep 6; cat' AS (x STRING) FROM range(0, 2, 1, 2)";

  test('by an abort rejects with the reason, and runs no more on the server', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => abort.abort(reason);
    expect(await caught(client.sql(sleeping, { signal: abort.signal, onProgress }))).toBe(reason);
    expect(await client.interrupt()).toEqual([]);
  });

  test('by an interrupt of the session says so', async () => {
    const other = await openSession();
    let interrupting: Promise<readonly string[]> | undefined;
    const error = await caught(
      other.sql(sleeping, { onProgress: () => void (interrupting ??= other.interrupt()) }),
    );
    expect(error).toMatchObject({ name: 'EngineError', condition: 'OPERATION_CANCELED' });
    expect(await interrupting).toHaveLength(1);
    await other.close();
  });
});
