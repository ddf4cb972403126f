import { afterEach, expect, test } from '@jest/globals';
import { range, type RunOptions } from '@forkfold/core';
import { spark, type SparkEngine } from '@forkfold/spark';
import { status as Code } from '@grpc/grpc-js';
import { batchOf, failure, fakeServer, type FakeServer, type Script } from '../client/fake-server.js';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function start(
  script: Script,
  token?: string,
): Promise<{ readonly server: FakeServer; readonly engine: SparkEngine }> {
  const server = await fakeServer(script, token === undefined ? {} : { token });
  opened.push(() => server.stop());
  const engine = spark({ remote: `${server.remote}/;token=mine` });
  opened.push(() => engine.close());
  return { server, engine };
}

const caught = async (engine: SparkEngine, options: RunOptions = {}): Promise<unknown> =>
  range(3)
    .count()
    .run({ engine, ...options })
    .then(
      (value) => new Error(`it gave ${value}`),
      (error: unknown) => error,
    );

test('a plan is not sent to a Spark that is too old', async () => {
  const { server, engine } = await start({ AnalyzePlan: () => ({ spark_version: { version: '3.5.4' } }) });
  expect(await caught(engine)).toMatchObject({
    name: 'EngineError',
    message: expect.stringMatching(/^Expected Spark 4\.0 or newer at .*, it is 3\.5\.4/),
  });
  expect(server.called('AddArtifacts')).toEqual([]);
});

test('a plan is not sent with a wrong token', async () => {
  const { server, engine } = await start({}, 'theirs');
  expect(await caught(engine)).toMatchObject({
    name: 'EngineError',
    status: 'UNAUTHENTICATED',
    message: expect.stringContaining('set or correct the token of "remote"'),
  });
  expect(server.called('AddArtifacts')).toEqual([]);
});

test('a plan is not sent to executors that have no shell', async () => {
  const { server, engine } = await start({
    AddArtifacts: (messages) => ({
      artifacts: messages
        .flatMap(({ batch }) => (batch?.artifacts ?? []) as { name: string }[])
        .map(({ name }) => ({ name, is_crc_successful: true })),
    }),
    ExecutePlan: (call) => {
      const { query } = call.request['plan'].root.sql;
      if (query.includes('TRANSFORM')) {
        const details =
          'Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: java.io.IOException: ' +
          'Cannot run program "/bin/bash" (in directory "/work"): error=2, No such file or directory';
        throw failure({ code: Code.INTERNAL, details, condition: 'SOME_ERROR' });
      }
      call.write({ ...batchOf([2]), response_id: 'a' });
      call.write({ result_complete: {}, response_id: 'b' });
      call.end();
    },
  });
  expect(await caught(engine)).toMatchObject({
    name: 'EngineError',
    message: expect.stringContaining('install /bin/bash there'),
  });
  const sent = server.called('AddArtifacts').flat().map((message) => JSON.stringify(message)); // prettier-ignore
  expect(sent.filter((text) => !text.includes('files/doctor-'))).toEqual([]);
});
