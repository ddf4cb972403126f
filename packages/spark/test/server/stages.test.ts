import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundledLoader } from '../../src/bundle/loader.js';
import type { SparkClient } from '../../src/client/client.js';
import { failureIn } from '../../src/runner/failure-line.js';
import { START_SCRIPT } from '../../src/ship/start-script.js';
import { laneKeys, sparkHash } from '../../src/sql/lane-keys.js';
import { fileName, runnerCommand } from '../../src/sql/runner-command.js';
import { cacheTable, stagesQuery, uncacheTable, type SqlStage } from '../../src/sql/stages-query.js';
import { openSession, uniqueName } from './session.js';

let client: SparkClient;
let directory: string;
let names: { start: string; loader: string; runner: string; run: string; leash: string };

beforeAll(async () => {
  client = await openSession();
  directory = mkdtempSync(join(tmpdir(), 'forkfold-spark-'));
  await client.configure({ 'spark.sql.scriptTransformation.exitTimeoutInSeconds': 600 });
  // A bundle will be one file; until then the modules of the build lie beside the program, in the session's folder.
  const built = new URL('../../dist/runner/', import.meta.url);
  const modules = [
    'run-rows.js',
    'row-reader.js',
    'row-writer.js',
    'failure-line.js',
    'pause-thread.js',
    'write-all.js',
  ];
  const code = readFileSync(new URL('./fixtures/program.mjs', import.meta.url));
  const run = Buffer.from('the file of a run');
  const loader = await bundledLoader();
  names = {
    start: fileName('start', START_SCRIPT, client.sessionId, '.sh'),
    loader: fileName('load', loader, client.sessionId, '.cjs'),
    leash: '/no/such/leash',
    runner: fileName('runner', code, client.sessionId, '.mjs'),
    run: fileName('run', run, client.sessionId, '.txt'),
  };
  await client.addFiles([
    ...modules.map((name) => ({ name, data: readFileSync(new URL(name, built)) })),
    { name: 'package.json', data: Buffer.from('{ "type": "module" }') },
    { name: names.start, data: START_SCRIPT },
    { name: names.loader, data: loader },
    { name: names.runner, data: code },
    { name: names.run, data: run },
  ]);
});
afterAll(async () => {
  await client.close();
  rmSync(directory, { recursive: true, force: true });
});

const command = (what: string, keys: readonly number[] = []): string =>
  runnerCommand({ node: process.execPath, ...names, args: [what, JSON.stringify(keys)] });

/** A command that gives what it gets, and leaves a mark for each process that ran it. */
function marking(what: string): { command: string; count(): number } {
  const path = join(directory, uniqueName(what));
  return {
    command: `echo x >> ${path}; cat`,
    count: () => readFileSync(path, 'utf8').trim().split('\n').length,
  };
}

test.each([1, 2, 4, 7, 64, 300])('the keys of %d lanes lead where Spark brings them', async (lanes) => {
  const values = laneKeys(lanes).map((key, lane) => `(${key}, ${lane})`);
  const query = `SELECT count(*), count_if(pmod(hash(key), ${lanes}) = lane) FROM VALUES ${values.join(', ')} AS t(key, lane)`;
  expect(await client.sql(query)).toEqual([[BigInt(lanes), BigInt(lanes)]]);
});

test('the hash is the one of Spark', async () => {
  const ints = [
    0,
    1,
    -1,
    42,
    2147483647,
    -2147483648,
    ...Array.from({ length: 200 }, (_, n) => (n * 2654435761) | 0),
  ];
  const rows = await client.sql(
    `SELECT hash(CAST(x AS INT)) FROM VALUES ${ints.map((x) => `(${x}L)`).join(', ')} AS t(x)`,
  );
  expect(rows.map(([hash]) => hash)).toEqual(ints.map(sparkHash));
});

describe('stages', () => {
  test('hand every row on once: to the process of its lane, sorted by its place', async () => {
    const [lanes, tasks] = [3, 10];
    const keys = laneKeys(lanes);
    const rows = await client.sql(
      stagesQuery([
        { command: command('map', keys), tasks: { count: tasks, processes: 4 } },
        { command: command('reduce'), inputs: [{ stage: 0, lanes }] },
      ]),
    );
    const read = rows.map(([, , text]) => JSON.parse(text as string) as unknown[][]);
    const inLane = (lane: number): unknown[][] =>
      Array.from({ length: tasks }, (_, task) => task).flatMap((task) =>
        [0, 1].map((piece) => [keys[lane], lane, task, piece, [task, task]]),
      );
    const lane = ([first]: unknown[][]): number => first![1] as number;
    expect(read.sort((a, b) => lane(a) - lane(b))).toEqual([0, 1, 2].map(inLane));
  });

  test('that others read run once, in as many processes as asked for', async () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(marking);
    const stages: SqlStage[] = [
      { command: a!.command, tasks: { count: 6, processes: 3 } },
      { command: b!.command, inputs: [{ stage: 0, lanes: 1 }] },
      { command: c!.command, inputs: [{ stage: 0, lanes: 1 }] },
      {
        command: d!.command,
        tasks: { count: 2, processes: 2 },
        inputs: [
          { stage: 1, lanes: 1 },
          { stage: 2, lanes: 1 },
        ],
      },
    ];
    expect(await client.sql(stagesQuery(stages))).toHaveLength(14);
    expect([a, b, c, d].map((stage) => stage!.count())).toEqual([3, 1, 1, 4]);
  });

  test('are kept for any number of reads', async () => {
    const map = marking('map');
    const name = uniqueName('kept');
    await client.command(
      cacheTable(name, stagesQuery([{ command: map.command, tasks: { count: 6, processes: 3 } }])),
    );
    for (let read = 0; read < 2; read++) {
      expect((await client.sql(`SELECT d FROM ${name} ORDER BY d`)).map(([d]) => d)).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
      ]);
    }
    expect(map.count()).toBe(3);
    await client.command(uncacheTable(name));
    await client.command(uncacheTable(name));
  });

  test('hand on megabytes in one row', async () => {
    const line = "head -c 8000000 /dev/zero | tr '\\0' x";
    const stages = [
      { command: `cat > /dev/null; printf '0\\t0\\t'; ${line}`, tasks: { count: 1, processes: 1 } },
      { command: 'cat', inputs: [{ stage: 0, lanes: 2 }] },
    ];
    const [[p, s, d] = []] = await client.sql(stagesQuery(stages));
    expect([p, s, (d as string).length]).toEqual([0, 0n, 8_000_000]);
  });
});

describe('a runner that', () => {
  const failing = async (what: string): Promise<string> => {
    const query = stagesQuery([
      { command: command('map', laneKeys(2)), tasks: { count: 2000, processes: 2 } },
      { command: command(what), inputs: [{ stage: 0, lanes: 2 }] },
    ]);
    const error = await client.sql(query).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'EngineError' });
    return (error as { chain: string[] }).chain.join('\n');
  };

  test('throws brings its failure to the driver', async () => {
    const text = await failing('throws');
    expect(text).toContain('status 70');
    expect(Buffer.from(failureIn(text)!).toString()).toMatch(/^RangeError: bad C:/);
  });

  test('ends early is an error, not a smaller result', async () => {
    expect(await failing('exits')).toMatch(/status 72\. Error: [\s\S]*before its work was done/);
  });

  test('is called with more than it knows is an error', async () => {
    const more = runnerCommand({ node: process.execPath, ...names, args: ['map', '[]', 'more'] });
    const error = await client
      .sql(stagesQuery([{ command: more, tasks: { count: 1, processes: 1 } }]))
      .catch((thrown: unknown) => thrown);
    expect((error as { chain: string[] }).chain.join('\n')).toMatch(
      /status 71\. Error: [\s\S]*forkfold: expected 4 arguments/,
    );
  });

  test('was brought before a table was cached is found still, with what was brought since', async () => {
    const name = uniqueName('cached');
    const map = stagesQuery([{ command: command('map', laneKeys(2)), tasks: { count: 10, processes: 2 } }]);
    await client.command(cacheTable(name, map));
    const [[folders] = []] = await client.sql(
      `SELECT TRANSFORM(id) USING 'cat > /dev/null; ls -d */${names.runner} | wc -l' AS (n INT) FROM range(0, 1, 1, 1)`,
    );
    // Should Spark copy no session any more, this test has lost its point.
    expect(folders).toBeGreaterThan(1);
    const later = { name: uniqueName('later'), data: Buffer.from('later') };
    await client.addFiles([later]);
    const reduce = runnerCommand({
      node: process.execPath,
      ...names,
      run: later.name,
      args: ['reduce', '[]'],
    });
    const query = stagesQuery([
      { command: command('map', laneKeys(2)), tasks: { count: 10, processes: 2 } },
      { command: reduce, inputs: [{ stage: 0, lanes: 2 }] },
    ]);
    expect(await client.sql(query)).toHaveLength(2);
    await client.command(uncacheTable(name));
  });
});
