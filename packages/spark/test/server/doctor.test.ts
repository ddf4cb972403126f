import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SparkClient } from '../../src/client/client.js';
import { doctor } from '../../src/doctor/doctor.js';
import { openSession } from './session.js';

let client: SparkClient;

beforeAll(async () => {
  client = await openSession();
});
afterAll(() => client.close());

describe('the doctor', () => {
  test('finds nothing amiss where everything is there', async () => {
    const report = await doctor(client, { node: process.execPath });
    expect(report).toMatchObject({
      spark: client.version,
      applicationId: client.applicationId,
      parallelism: 2,
      executors: [{ node: process.version, arch: process.arch, nodeError: undefined, hasFiles: true }],
      exitCode: true,
      stderr: true,
      problems: [],
    });
    expect(report.executors[0]!.bash).toMatch(/^\d+\.\d+/);
  });

  test('says where node is missing, and what the shell said', async () => {
    const { executors, problems } = await doctor(client, { node: '/no/such/node' });
    expect(executors).toMatchObject([
      { node: undefined, nodeError: expect.stringContaining('exit code 127') },
    ]);
    expect(problems).toEqual([
      expect.stringMatching(/^"\/no\/such\/node" does not run on .+: install Node.js 20 or newer there/),
    ]);
  });

  test('says where something else is called node', async () => {
    const { problems } = await doctor(client, { node: '/bin/echo' });
    expect(problems).toEqual([expect.stringContaining('it is no Node.js')]);
  });
});
