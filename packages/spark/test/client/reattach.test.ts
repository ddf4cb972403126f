import { afterEach, describe, expect, test } from '@jest/globals';
import { status as Code } from '@grpc/grpc-js';
import fc from 'fast-check';
import { connect, type SparkClient } from '../../src/client/client.js';
import type { RetryPolicy } from '../../src/client/retry.js';
import {
  batchOf,
  failure,
  fakeServer,
  proxyTo,
  resumable,
  type Cut,
  type FakeServer,
  type Script,
} from './fake-server.js';

const retry = { patience: 5000, firstPause: 1, longestPause: 20, longestStream: 60_000 };
const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function start(script: Script): Promise<FakeServer> {
  const server = await fakeServer(script);
  opened.push(async () => server.stop());
  return server;
}

async function session(remote: string, policy: RetryPolicy = retry): Promise<SparkClient> {
  const client = await connect({ remote, retry: policy });
  opened.push(() => client.close());
  return client;
}

const numbers = async (client: SparkClient): Promise<unknown[]> =>
  (await client.sql('SELECT 1')).map(([value]) => value);

describe('a result goes on in another stream', () => {
  test('when the server ends one before the result is complete', async () => {
    const server = await start(
      resumable([batchOf([1]), batchOf([2]), batchOf([3])], [{ after: 2, how: 'end' }]),
    );
    expect(await numbers(await session(server.remote))).toEqual([1, 2, 3]);
    const [begun] = server.called('ExecutePlan');
    expect(server.called('ReattachExecute')).toMatchObject([
      { operation_id: begun!['operation_id'], last_response_id: 'r1' },
    ]);
    expect(server.called('ReleaseExecute')).toHaveLength(1);
  });

  test('when the connection breaks', async () => {
    const script = resumable([batchOf([1]), batchOf([2])]);
    const server = await start({
      ...script,
      // The first stream gives one response, and never ends by itself.
      ExecutePlan: (call) => {
        call.on('error', () => undefined);
        call.write({ ...batchOf([1]), response_id: 'r0' });
      },
    });
    await using way = await proxyTo(server.port);
    const seen: unknown[] = [];
    for await (const [value] of (await session(way.remote)).query('SELECT 1')) {
      seen.push(value);
      if (seen.length === 1) way.tear();
    }
    expect(seen).toEqual([1, 2]);
    expect(server.called('ReattachExecute')).toMatchObject([{ last_response_id: 'r0' }]);
  });

  test('when the request arrived and its answer did not', async () => {
    const script = resumable([batchOf([1])]);
    const server = await start({
      ...script,
      ExecutePlan: () => {
        throw failure({ code: Code.UNAVAILABLE, details: 'lost' });
      },
    });
    expect(await numbers(await session(server.remote))).toEqual([1]);
    expect(server.called('ExecutePlan')).toHaveLength(1);
    expect(server.called('ReattachExecute')[0]!['last_response_id']).toBeUndefined();
  });

  test('when the request itself was lost: it is made again, under the same name', async () => {
    const script = resumable([batchOf([1])]);
    let isLost = true;
    const server = await start({
      ExecutePlan: (call) => {
        if (isLost) {
          isLost = false;
          throw failure({ code: Code.UNAVAILABLE, details: 'lost' });
        }
        script.ExecutePlan!(call);
      },
      ReattachExecute: () => {
        throw failure({
          code: Code.INTERNAL,
          details: 'none',
          condition: 'INVALID_HANDLE.OPERATION_NOT_FOUND',
        });
      },
    });
    expect(await numbers(await session(server.remote))).toEqual([1]);
    const [first, second] = server.called('ExecutePlan');
    expect(second!['operation_id']).toBe(first!['operation_id']);
  });

  test('when streams end again and again with nothing to say', async () => {
    const nothing = Array.from({ length: 20 }, () => ({ after: 0, how: 'end' as const }));
    const server = await start(resumable([batchOf([1])], nothing));
    expect(await numbers(await session(server.remote))).toEqual([1]);
    expect(server.called('ReattachExecute')).toHaveLength(20);
  });

  test('when one has been silent for long, and the server lives', async () => {
    const server = await start({ ...resumable([batchOf([1])]), ExecutePlan: () => undefined });
    expect(await numbers(await session(server.remote, { ...retry, longestStream: 100 }))).toEqual([1]);
    expect(server.called('ReattachExecute')).toHaveLength(1);
  });

  test('when another stream of ours has taken its place', async () => {
    const script = resumable([batchOf([1])]);
    let isFirst = true;
    const server = await start({
      ...script,
      ReattachExecute: (call) => {
        if (isFirst) {
          isFirst = false;
          throw failure({
            code: Code.INTERNAL,
            details: 'detached',
            condition: 'INVALID_CURSOR.DISCONNECTED',
          });
        }
        script.ReattachExecute!(call);
      },
      ExecutePlan: (call) => call.end(),
    });
    expect(await numbers(await session(server.remote))).toEqual([1]);
  });

  test('and every row comes once, wherever streams are cut', async () => {
    const cut = fc.record({
      after: fc.integer({ min: 0, max: 4 }),
      how: fc.constantFrom<Cut>('end', 'unavailable', 'internal'),
    });
    let script = resumable([]);
    const server = await start({
      ExecutePlan: (call) => script.ExecutePlan!(call),
      ReattachExecute: (call) => script.ReattachExecute!(call),
    });
    const client = await session(server.remote);
    await fc.assert(
      fc.asyncProperty(
        fc.array(cut, { maxLength: 8 }),
        fc.integer({ min: 0, max: 12 }),
        async (cuts, count) => {
          const expected = Array.from({ length: count }, (_, index) => index);
          script = resumable(
            expected.map((value) => batchOf([value])),
            cuts,
          );
          expect(await numbers(client)).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a result that cannot go on', () => {
  test('is an error when the server has forgotten an operation that it had begun', async () => {
    const server = await start({
      ...resumable([batchOf([1]), batchOf([2])], [{ after: 1, how: 'unavailable' }]),
      ReattachExecute: () => {
        throw failure({
          code: Code.INTERNAL,
          details: 'forgotten',
          condition: 'INVALID_HANDLE.OPERATION_NOT_FOUND',
        });
      },
    });
    const error = await numbers(await session(server.remote)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'EngineError', condition: 'INVALID_HANDLE.OPERATION_NOT_FOUND' });
    expect(server.called('ExecutePlan')).toHaveLength(1);
  });

  test('is an error when nothing comes over a connection that still stands', async () => {
    const server = await start({ ExecutePlan: () => way.hang() });
    await using way = await proxyTo(server.port);
    const client = await session(way.remote, { ...retry, patience: 200, longestStream: 100 });
    const error = await numbers(client).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'EngineError', status: 'DEADLINE_EXCEEDED' });
    way.tear();
  });

  test('is an error that names the server when that is gone', async () => {
    const server = await start({
      ExecutePlan: (call) => void call.write({ ...batchOf([1]), response_id: 'r0' }),
    });
    const client = await connect({
      remote: server.remote,
      retry: { ...retry, patience: 100 },
    });
    opened.push(() => client.close());
    const rows = client.query('SELECT 1');
    expect((await rows.next()).value).toEqual([1]);
    server.stop();
    const error = await rows.next().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'EngineError' });
    expect((error as Error).message).toContain('answers no more');
  });
});
