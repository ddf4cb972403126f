import { afterEach, describe, expect, test } from '@jest/globals';
import { status as Code, type Metadata } from '@grpc/grpc-js';
import { OptionError } from '@forkfold/core';
import { connect, type ClientOptions, type SparkClient } from '../../src/client/client.js';
import { EngineError } from '../../src/engine-error.js';
import {
  batchOf,
  failure,
  fakeServer,
  proxyTo,
  resumable,
  type FakeServer,
  type Script,
} from './fake-server.js';

const retry = { patience: 5000, firstPause: 1, longestPause: 20, longestStream: 60_000 };
const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function start(
  script: Script = {},
  options: Parameters<typeof fakeServer>[1] = {},
): Promise<FakeServer> {
  const server = await fakeServer(script, options);
  opened.push(async () => server.stop());
  return server;
}

async function session(remote: string, options: Partial<ClientOptions> = {}): Promise<SparkClient> {
  const client = await connect({ remote, retry, ...options });
  opened.push(() => client.close());
  return client;
}

const caught = async (work: Promise<unknown>): Promise<any> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a session', () => {
  test('asks for the version and the application, and names itself and its user in every call', async () => {
    const server = await start();
    const client = await session(`${server.remote}/;user_id=ada;x-team=blue`);
    expect(client).toMatchObject({ version: '4.2.0', applicationId: 'spark.app.id of a fake' });
    for (const { request, headers } of server.calls) {
      expect(request).toMatchObject({
        session_id: client.sessionId,
        user_context: { user_id: 'ada', user_name: 'ada' },
      });
      expect(headers).toMatchObject({ 'x-team': 'blue' });
    }
  });

  test('tells the server which of its sessions it has seen', async () => {
    const server = await start();
    await session(server.remote);
    expect(server.calls.map(({ request }) => request['client_observed_server_side_session_id'])).toEqual([
      undefined,
      'server-1',
    ]);
  });

  test('sets and reads configuration', async () => {
    const server = await start();
    const client = await session(server.remote);
    await client.configure({ 'a.b': 600, c: true });
    expect(server.called('Config').at(-1)!['operation'].set.pairs).toMatchObject([
      { key: 'a.b', value: '600' },
      { key: 'c', value: 'true' },
    ]);
    expect(await client.configuration(['x'])).toEqual({ x: 'x of a fake' });
  });

  test('is released once it is closed', async () => {
    const server = await start();
    const client = await connect({ remote: server.remote });
    await client.close();
    expect(server.called('ReleaseSession')).toMatchObject([{ session_id: client.sessionId }]);
  });

  test('that the address names is left to others when it is closed', async () => {
    const server = await start();
    const id = '00112233-4455-6677-8899-aabbccddeeff';
    const client = await connect({ remote: `${server.remote}/;session_id=${id}` });
    expect(client.sessionId).toBe(id);
    await client.close();
    expect(server.called('ReleaseSession')).toEqual([]);
  });

  test('gives what was interrupted', async () => {
    const server = await start({ Interrupt: () => ({ interrupted_ids: ['one'] }) });
    expect(await (await session(server.remote)).interrupt()).toEqual(['one']);
  });
});

describe('a server that is not there', () => {
  test('is named, with the remedy', async () => {
    const server = await start();
    server.stop();
    const error = await caught(connect({ remote: server.remote, connectPatience: 200 }));
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      code: 'ERR_FORKFOLD_ENGINE',
      status: 'UNAVAILABLE',
      applicationId: undefined,
    });
    expect(error.message).toContain(`No Spark Connect server answers at 127.0.0.1:${server.port}: start one`);
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('is given up when it takes the connection and says nothing', async () => {
    await using nowhere = await proxyTo(undefined);
    const error = await caught(connect({ remote: nowhere.remote, connectPatience: 60 }));
    expect(error).toMatchObject({ name: 'EngineError', status: 'DEADLINE_EXCEEDED' });
    expect(error.message).toContain('No Spark Connect server answers at');
  });

  test('is waited for while it takes no connections', async () => {
    const server = await start();
    await using way = await proxyTo(server.port);
    way.refuse(2);
    expect((await session(way.remote, { connectPatience: 10_000 })).version).toBe('4.2.0');
  });

  test('is waited for while it starts', async () => {
    let isUp = false;
    const server = await start({
      AnalyzePlan: () => {
        if (!isUp) {
          isUp = true;
          throw failure({ code: Code.UNAVAILABLE, details: 'starting' });
        }
        return { spark_version: { version: '4.0.1' } };
      },
    });
    expect((await session(server.remote)).version).toBe('4.0.1');
  });

  test('is another one when it knows no such service', async () => {
    const server = await start({
      AnalyzePlan: () => {
        throw failure({ code: Code.UNIMPLEMENTED, details: 'unknown service' });
      },
    });
    expect((await caught(connect({ remote: server.remote }))).message).toContain(
      'is no Spark Connect server',
    );
  });

  test.each(['3.5.4', ''])('is refused when its version is "%s"', async (version) => {
    const server = await start({ AnalyzePlan: () => ({ spark_version: { version } }) });
    const error = await caught(connect({ remote: server.remote }));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toContain('Expected Spark 4.0 or newer');
  });
});

describe('a token', () => {
  test('opens the door, from the address or beside it', async () => {
    const server = await start({}, { token: 'open sesame' });
    await session(`${server.remote}/;token=open%20sesame`);
    await session(server.remote, { token: 'open sesame' });
    await session(`${server.remote}/;token=wrong`, { token: 'open sesame' });
  });

  test.each(['/;token=wrong', ''])(
    'that is not the right one is an error that names the remedy: "%s"',
    async (suffix) => {
      const server = await start({}, { token: 'open sesame' });
      const error = await caught(connect({ remote: server.remote + suffix }));
      expect(error).toMatchObject({ name: 'EngineError', status: 'UNAUTHENTICATED' });
      expect(error.message).toContain('set or correct the token of "remote"');
    },
  );
});

describe('a query', () => {
  test('gives its rows in order, and tells of its progress', async () => {
    const progress = {
      stages: [{ stage_id: 1, num_tasks: 4, num_completed_tasks: 2, input_bytes_read: 0, done: false }],
      num_inflight_tasks: 2,
    };
    const server = await start(
      resumable([batchOf([1, 2]), { execution_progress: progress }, batchOf([]), batchOf([3])]),
    );
    const seen: unknown[] = [];
    const rows = await (
      await session(server.remote)
    ).sql('SELECT 1', { onProgress: (told) => seen.push(told) });
    expect(rows).toEqual([[1], [2], [3]]);
    expect(seen).toEqual([progress]);
    expect(server.called('ExecutePlan')).toMatchObject([
      {
        plan: { root: { sql: { query: 'SELECT 1' } } },
        request_options: [{ reattach_options: { reattachable: true } }],
      },
    ]);
  });

  test('ends when a listener of its progress throws, with what that threw', async () => {
    const server = await start(
      resumable([{ execution_progress: { stages: [], num_inflight_tasks: 0 } }, batchOf([1])]),
    );
    const client = await session(server.remote);
    const own = new Error('from the listener');
    const onProgress = (): void => {
      throw own;
    };
    expect(await caught(client.sql('SELECT 1', { onProgress }))).toBe(own);
    expect(server.called('ReleaseExecute')).toHaveLength(1);
  });

  test('is stopped on the server when its loop is left', async () => {
    const server = await start({
      ExecutePlan: (call) => void call.write({ ...batchOf([1, 2]), response_id: 'a' }),
    });
    for await (const row of (await session(server.remote)).query('SELECT 1')) {
      expect(row).toEqual([1]);
      break;
    }
    const [{ operation_id: begun } = {}] = server.called('ExecutePlan');
    expect(server.called('ReleaseExecute')).toMatchObject([{ operation_id: begun, release_all: {} }]);
  });

  test('is stopped on the server by an abort, with the reason of the signal', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const server = await start({ ExecutePlan: () => abort.abort(reason) });
    const client = await session(server.remote);
    expect(await caught(client.sql('SELECT 1', { signal: abort.signal }))).toBe(reason);
    expect(server.called('ReleaseExecute')).toHaveLength(1);
  });

  test('does not begin under a signal that has been aborted', async () => {
    const server = await start();
    const client = await session(server.remote);
    expect(await caught(client.sql('SELECT 1', { signal: AbortSignal.abort('no') }))).toBe('no');
    expect(server.called('ExecutePlan')).toHaveLength(0);
  });

  test('that fails is an error with all that the server tells of it', async () => {
    const server = await start({
      ExecutePlan: () => {
        throw failure({ code: Code.INTERNAL, details: 'short', errorId: 'e1' });
      },
      FetchErrorDetails: ({ error_id: id }) => ({
        root_error_idx: 0,
        errors: [
          { message: 'Job aborted', cause_idx: 1 },
          { message: `cause of ${id}`, spark_throwable: { error_class: 'SOME_ERROR', sql_state: '42601' } },
        ],
      }),
    });
    const error = await caught((await session(server.remote)).sql('SELECT 1'));
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      message: 'Job aborted',
      chain: ['Job aborted', 'cause of e1'],
      condition: 'SOME_ERROR',
      sqlState: '42601',
      status: 'INTERNAL',
      applicationId: 'spark.app.id of a fake',
    });
    expect(server.called('ExecutePlan')).toHaveLength(1);
  });

  test('that fails is an error still when the server tells no more of it', async () => {
    const server = await start({
      ExecutePlan: () => {
        throw failure({
          code: Code.INTERNAL,
          details: 'short',
          errorId: 'e1',
          condition: 'SOME_ERROR',
          sqlState: '42601',
        });
      },
      FetchErrorDetails: () => {
        throw failure({ code: Code.UNKNOWN, details: 'forgotten' });
      },
    });
    const error = await caught((await session(server.remote)).sql('SELECT 1'));
    expect(error).toMatchObject({
      message: 'short',
      chain: ['short'],
      condition: 'SOME_ERROR',
      sqlState: '42601',
    });
  });

  test('that fails is an error still when nobody can read what the server tells of it', async () => {
    const server = await start({
      ExecutePlan: () => {
        const unreadable = failure({ code: Code.INTERNAL, details: 'short', condition: 'LOST' });
        (unreadable as unknown as { metadata: Metadata }).metadata.set(
          'grpc-status-details-bin',
          Buffer.from([0xff]),
        );
        throw unreadable;
      },
    });
    const client = await session(server.remote, { retry: { ...retry, patience: 0 } });
    expect(await caught(client.sql('SELECT 1'))).toMatchObject({ name: 'EngineError', message: 'short' });
  });

  test('of a server that was started anew says that the session is gone', async () => {
    const server = await start({
      ExecutePlan: () => {
        throw failure({
          code: Code.INTERNAL,
          details: 'changed',
          condition: 'INVALID_HANDLE.SESSION_CHANGED',
        });
      },
    });
    expect((await caught((await session(server.remote)).sql('SELECT 1'))).message).toContain(
      'was started anew',
    );
  });
});

describe('commands', () => {
  test('run SQL without rows, and writes', async () => {
    const server = await start(resumable([]));
    const client = await session(server.remote);
    await client.command('CACHE TABLE t AS SELECT 1');
    await client.write('SELECT 2', { path: '/out', mode: 'SAVE_MODE_OVERWRITE', options: { lineSep: '\n' } });
    const [cached, written] = server.called('ExecutePlan');
    expect(cached!['plan'].command.sql_command.input.sql).toEqual({ query: 'CACHE TABLE t AS SELECT 1' });
    expect(written!['plan'].command.write_operation).toMatchObject({
      input: { sql: { query: 'SELECT 2' } },
      source: 'text',
      path: '/out',
      mode: 'SAVE_MODE_OVERWRITE',
      options: { lineSep: '\n' },
    });
  });
});

describe('calls that fail on their way', () => {
  test('are tried again', async () => {
    let failures = 0;
    const server = await start({
      Interrupt: () => {
        if (failures++ < 3) throw failure({ code: Code.UNAVAILABLE, details: 'not now' });
        return { interrupted_ids: [] };
      },
    });
    await (await session(server.remote)).interrupt();
    expect(server.called('Interrupt')).toHaveLength(4);
  });

  test('are tried again when the server asks for it, whatever their code', async () => {
    let failures = 0;
    const server = await start({
      Interrupt: () => {
        if (failures++ < 1)
          throw failure({
            code: Code.RESOURCE_EXHAUSTED,
            details: 'busy',
            retryDelay: { seconds: 0, nanos: 1e6 },
          });
        return { interrupted_ids: [] };
      },
    });
    await (await session(server.remote)).interrupt();
    expect(server.called('Interrupt')).toHaveLength(2);
  });

  test('are not tried again when Spark itself fails', async () => {
    const server = await start({
      Interrupt: () => {
        throw failure({ code: Code.INTERNAL, details: 'no', condition: 'SOME_ERROR' });
      },
    });
    expect(await caught((await session(server.remote)).interrupt())).toMatchObject({
      name: 'EngineError',
      message: 'no',
    });
    expect(server.called('Interrupt')).toHaveLength(1);
  });

  test('are given up after a while, and the server is named', async () => {
    const server = await start();
    const client = await session(server.remote, {
      retry: { ...retry, patience: 100 },
    });
    server.stop();
    const error = await caught(client.interrupt());
    expect(error).toMatchObject({
      name: 'EngineError',
      status: 'UNAVAILABLE',
      applicationId: 'spark.app.id of a fake',
    });
    expect(error.message).toContain(`The Spark Connect server at 127.0.0.1:${server.port} answers no more`);
  });
});

describe('files', () => {
  const ok = (names: readonly string[]) => ({
    artifacts: names.map((name) => ({ name, is_crc_successful: true })),
  });

  test('arrive whole: small ones together, a large one in chunks', async () => {
    const large = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    const server = await start({ AddArtifacts: () => ok(['files/a.txt', 'files/b.bin', 'files/c.txt']) });
    const client = await session(server.remote);
    await client.addFiles([
      { name: 'a.txt', data: Buffer.from('a') },
      { name: 'b.bin', data: large },
      { name: 'c.txt', data: new Uint8Array() },
    ]);
    const [messages] = server.called('AddArtifacts');
    const chunks = (messages as Record<string, any>[]).flatMap(
      (message) => message['begin_chunk']?.initial_chunk ?? message['chunk'] ?? [],
    );
    expect(Buffer.concat(chunks.map(({ data }) => data)).equals(large)).toBe(true);
    const begun = (messages as Record<string, any>[]).find((message) => message['begin_chunk'])![
      'begin_chunk'
    ];
    expect(begun).toMatchObject({ name: 'files/b.bin', total_bytes: 100_000, num_chunks: chunks.length });
    const batched = (messages as Record<string, any>[]).flatMap(
      (message) => message['batch']?.artifacts ?? [],
    );
    expect(batched.map(({ name, data }) => [name, data.data.toString(), data.crc])).toEqual([
      ['files/a.txt', 'a', 0xe8b7be43],
      ['files/c.txt', '', 0],
    ]);
    expect(
      (messages as Record<string, any>[]).every((message) => message['session_id'] === client.sessionId),
    ).toBe(true);
  });

  test('that were torn on their way are named', async () => {
    const server = await start({
      AddArtifacts: () => ({ artifacts: [{ name: 'files/a.txt', is_crc_successful: false }] }),
    });
    const error = await caught(
      (await session(server.remote)).addFiles([{ name: 'a.txt', data: Buffer.from('a') }]),
    );
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toContain('a.txt');
  });

  test('are sent again when the way fails', async () => {
    let failures = 0;
    const server = await start({
      AddArtifacts: () => {
        if (failures++ < 1) throw failure({ code: Code.UNAVAILABLE, details: 'not now' });
        return ok(['files/a.txt']);
      },
    });
    await (await session(server.remote)).addFiles([{ name: 'a.txt', data: Buffer.from('a') }]);
    expect(server.called('AddArtifacts')).toHaveLength(2);
  });

  test('are no longer sent after an abort', async () => {
    const abort = new AbortController();
    const server = await start({
      AddArtifacts: () => {
        abort.abort('enough');
        throw failure({ code: Code.UNAVAILABLE, details: 'not now' });
      },
    });
    const sending = (await session(server.remote)).addFiles(
      [{ name: 'a.txt', data: Buffer.from('a') }],
      abort.signal,
    );
    expect(await caught(sending)).toBe('enough');
  });

  test.each(['../a', 'a b', '', '*'])(
    'have no names that a shell or a folder would take for something else: "%s"',
    async (name) => {
      const server = await start();
      expect(
        await caught((await session(server.remote)).addFiles([{ name, data: Buffer.from('a') }])),
      ).toBeInstanceOf(OptionError);
    },
  );
});
