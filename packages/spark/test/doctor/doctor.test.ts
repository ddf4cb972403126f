import { describe, expect, test } from '@jest/globals';
import type { SparkClient } from '../../src/client/client.js';
import { doctor } from '../../src/doctor/doctor.js';
import { EngineError } from '../../src/engine-error.js';

type Row = [host: string, directory: string, bash: string, found: number, status: number, told: string];

const facts = (node: string): string => JSON.stringify({ node, nodePath: '/usr/bin/node', arch: 'x64' });
const sound: Row = ['a', '/work/0', '5.2', 1, 0, facts(process.version)];
const failed = new EngineError('no', {
  chain: ['Subprocess exited with status 70. Error: forkfold-doctor\n.'],
});

/** A client whose executors say `rows`, and whose failing program ends with `failure`. */
function clientOf(rows: readonly Row[] | Error, failure: Error | 'success' = failed): SparkClient {
  return {
    version: '4.2.0',
    applicationId: 'app-1',
    sessionId: '11111111-2222',
    addFiles: async () => undefined,
    sql: async (query: string) => {
      const answer = query.includes('spark_partition_id')
        ? [[3]]
        : query.includes('exit 70')
          ? failure
          : rows;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as never;
}

describe('the doctor', () => {
  test('lists each executor once, in order, and finds nothing amiss', async () => {
    const other: Row = ['a', '/work/1', ...sound.slice(2)] as Row;
    const report = await doctor(clientOf([other, sound, other]));
    expect(report).toMatchObject({
      spark: '4.2.0',
      applicationId: 'app-1',
      parallelism: 3,
      exitCode: true,
      stderr: true,
      problems: [],
    });
    expect(report.executors.map(({ directory }) => directory)).toEqual(['/work/0', '/work/1']);
    expect(report.executors[0]).toEqual({
      host: 'a',
      directory: '/work/0',
      bash: '5.2',
      node: process.version,
      nodePath: '/usr/bin/node',
      arch: 'x64',
      nodeError: undefined,
      hasFiles: true,
    });
  });

  test.each([
    [{ 4: 127, 5: 'bash: node: command not found' }, ['"node" does not run on a: install Node.js 20']],
    [{ 5: 'something else' }, ['it is no Node.js: something else']],
    [
      { 5: facts('v18.20.0') },
      ['Node.js v18.20.0 on a is older than 20', 'values cross between equal major versions only'],
    ],
    [{ 5: facts('v99.1.0') }, ['Node.js is v99.1.0 on a']],
    [{ 5: `(node:1) Warning: of node {itself} ${facts(process.version)}` }, []],
    [{ 3: 0 }, ['A file of the session did not reach a']],
    [{ 3: 2 }, []],
  ])('says what is amiss: %j', async (change, expected) => {
    const { problems } = await doctor(clientOf([Object.assign([...sound], change) as Row]));
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  test('says so where no program runs at all', async () => {
    const said = 'Cannot run program "/bin/bash" (in directory "/work"): error=2, No such file or directory';
    // Connect alone gives its errors a status.
    for (const details of [
      { status: 'INTERNAL', chain: ['Job aborted', `java.io.IOException: ${said}`] },
      { chain: ['', said] },
    ]) {
      const noBash = new EngineError('Job aborted', details);
      const report = await doctor(clientOf(noBash, noBash));
      expect(report).toMatchObject({ executors: [], exitCode: false, stderr: false });
      expect(report.problems[0]).toBe(
        `The executors run no program: install /bin/bash there, by which Spark starts them (${said})`,
      );
    }
  });

  test('says so where a program fails for another reason', async () => {
    const lost = new EngineError('Executor lost', { status: 'INTERNAL' });
    const { problems } = await doctor(clientOf(lost));
    expect(problems).toEqual(['The executors could not be looked at: Executor lost']);
  });

  test('says so where a failure is taken for success', async () => {
    const { problems } = await doctor(clientOf([sound], 'success'));
    expect(problems).toEqual([
      "Spark's error does not tell the exit code of a program that failed",
      "Spark's error does not tell what a program that failed wrote to stderr",
    ]);
  });

  test('rejects where Spark cannot be asked', async () => {
    const gone = new EngineError('gone', { status: 'UNAVAILABLE' });
    await expect(doctor(clientOf(gone))).rejects.toBe(gone);
  });
});
