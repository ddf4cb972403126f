import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isBuiltin } from 'node:module';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { from, textLines, type Dataset, type Engine, type Plan, type RunOptions } from '@forkfold/core';
import { checkOptions, cutPlan, recordBlocks, toError, type UncutPlan } from '@forkfold/core/engine';
import { bundle } from '../../src/bundle/bundle.js';
import { bundledLoader } from '../../src/bundle/loader.js';
import { modulesOf } from '../../src/bundle/modules-of.js';
import { layOut } from '../../src/engine/lay-out.js';
import { failureIn } from '../../src/runner/failure-line.js';
import { packRun } from '../../src/ship/run-file.js';
import { decodeFailure } from '../../src/ship/run-failure.js';
import { START_SCRIPT } from '../../src/ship/start-script.js';
import { decodeTally } from '../../src/ship/tally.js';
import { parsePiece } from '../../src/sql/pieces.js';
import { ROW } from '../../src/sql/row-kinds.js';
import { runnerCommand } from '../../src/sql/runner-command.js';

interface Jobs {
  readonly wordCount: (lines: Dataset<string>) => Dataset<[string, number]>;
  readonly failing: (lines: Dataset<string>, bad: string) => Dataset<[number, number]>;
}
const jobs = (await import(
  fileURLToPath(new URL('../server/fixtures/words.job.mjs', import.meta.url))
)) as Jobs;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forkfold-program-'));
});
afterAll(() => rm(directory, { recursive: true }));

interface Row {
  readonly p: number;
  readonly s: bigint;
  readonly d: string;
}

/** What an executor has of a run. */
interface Shipped {
  readonly code: string;
  readonly tasks: readonly number[];
  readonly folder: string;
  /** The shell's line of a process of a stage. */
  command(stage: number, version?: string): string;
  /** Runs one process of a stage, as Spark does. */
  process(
    stage: number,
    rows: readonly Row[],
    version?: string,
  ): Promise<{ code: number; rows: Row[]; stderr: string }>;
}

async function ship(
  plan: Plan<unknown>,
  { leash = '/no/such/leash', modules = [] }: { leash?: string; modules?: readonly string[] } = {},
): Promise<Shipped> {
  const folder = await mkdtemp(join(directory, 'executor-'));
  const given = await uncut(plan);
  const { code, suffix } = await bundle([...modulesOf(given), ...modules]);
  const cut = await cutPlan(given, checkOptions({ chunkSize: 1, partitions: 3 }));
  const { stages } = await layOut(cut, 2);
  const place = { directory: '', filePrefix: '', isDurable: false, parts: '' };
  const description = serialize({ plan: cut.plan, limits: { memory: 1e6, maxSkipped: 0 }, place });
  const run = { description, env: {}, stages: stages.map(({ shipped }) => shipped) };
  const file = join(folder, 'run.bin');
  await writeFile(join(folder, 'start.sh'), START_SCRIPT);
  await writeFile(join(folder, 'load.cjs'), await bundledLoader());
  await writeFile(join(folder, `runner${suffix}`), code);
  await writeFile(
    file,
    packRun(
      run,
      stages.map(({ tasks }) => tasks),
    ),
  );
  const names = { start: 'start.sh', loader: 'load.cjs', runner: `runner${suffix}`, run: 'run.bin' };
  const command = (stage: number, version = process.versions.node): string =>
    runnerCommand({ node: process.execPath, ...names, leash, args: [stage, version] });
  return {
    code: Buffer.from(code).toString(),
    tasks: stages.map(({ tasks }) => tasks.length),
    folder,
    command,
    async process(stage, rows, version) {
      const child = spawn('bash', ['-c', command(stage, version)], { cwd: folder });
      child.stdin.end(rows.map(({ p, s, d }) => `${p}\t${s}\t${d}\n`).join(''));
      const [out, stderr, [exit]] = await Promise.all([
        buffer(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      return { code: exit as number, rows: parseRows(out.toString('latin1')), stderr };
    },
  };
}

function parseRows(out: string): Row[] {
  const lines = out.split('\n').slice(0, -1);
  return lines.map((line) => {
    const [p, s, d] = line.split('\t') as [string, string, string];
    return { p: Number(p), s: BigInt(s), d };
  });
}

/** The plan as an engine is given it. */
async function uncut(plan: Plan<unknown>): Promise<UncutPlan> {
  let given: unknown;
  const run: Engine<RunOptions>['run'] = async (asGiven) => void (given = asGiven);
  await plan.run({ engine: { name: 'none', run, async *stream() {} } });
  return given as UncutPlan;
}

const lines = from(['the cat', 'of a cat', 'and the dog', 'bird']);
const tasks = (count: number): Row[] =>
  Array.from({ length: count }, (_, n) => ({ p: ROW.task, s: 0n, d: String(n) }));
const failureOf = (stderr: string): ReturnType<typeof decodeFailure> =>
  decodeFailure(failureIn(stderr.slice(-2048))!);

describe('the program of executors', () => {
  test('needs nothing but Node.js', async () => {
    const { code } = await ship(jobs.wordCount(lines).toArray());
    const imported = Array.from(code.matchAll(/\brequire\("([^"]+)"\)/g), ([, name]) => name!);
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((name) => !isBuiltin(name))).toEqual([]);
  });

  test('hands segments from stage to stage, and results and tallies out of the last one', async () => {
    const plan = jobs.wordCount(lines).toArray();
    const shipped = await ship(plan);
    const mapped = await shipped.process(0, tasks(shipped.tasks[0]!));
    expect(mapped).toMatchObject({ code: 0, stderr: '' });
    const sorted = mapped.rows.toSorted((a, b) => (a.s < b.s ? -1 : 1));
    const { code, rows } = await shipped.process(1, sorted);
    expect(code).toBe(0);
    const results = rows.filter(({ p }) => p === ROW.result).map(({ d }) => parsePiece(d).bytes);
    const records = results.flatMap((bytes) => [...recordBlocks(bytes)].flat());
    expect(records).toEqual(await plan.run({ processes: 0, chunkSize: 1, partitions: 3 }));
    const tallies = rows.filter(({ p }) => p === ROW.tally).map(({ d }) => decodeTally(parsePiece(d).bytes));
    const [map, reduce] = tallies;
    expect(map).toMatchObject({ stage: 0, own: undefined, segmentsOut: reduce!.segmentsIn[0] });
    expect(map!.tasks.map(({ records: read }) => read)).toEqual([1, 1, 1, 1]);
  });

  test('gives the same rows on every attempt', async () => {
    const shipped = await ship(jobs.wordCount(lines).toArray());
    const [one, two] = await Promise.all([0, 1].map(() => shipped.process(0, tasks(shipped.tasks[0]!))));
    expect(one!.rows).toEqual(two!.rows);
  });

  test('gives the same rows as a module, which may await at its top level', async () => {
    const path = join(directory, 'awaits.mjs');
    await writeFile(path, 'export const value = await Promise.resolve(1);');
    const plan = jobs.wordCount(lines).toArray();
    const modules = [pathToFileURL(path).href];
    const both = [await ship(plan), await ship(plan, { modules })].map((shipped) =>
      shipped.process(0, tasks(1)),
    );
    const [script, module] = await Promise.all(both);
    expect(module).toEqual(script);
    expect(script!.code).toBe(0);
  });

  test('tells what its user’s function threw', async () => {
    const shipped = await ship(jobs.failing(lines, 'bird').toArray());
    const { code, stderr } = await shipped.process(0, tasks(4));
    const failure = failureOf(stderr);
    expect(code).toBe(70);
    expect(failure.kind === 'task' && String(toError(failure))).toMatch(
      /^TaskError: map threw Error: no bird \(chunk 3/,
    );
  });

  test('refuses values of another major version of Node.js', async () => {
    const shipped = await ship(from([1]).count());
    const { code, stderr } = await shipped.process(0, tasks(1), '1.2.3');
    expect([code, failureOf(stderr)]).toMatchObject([
      70,
      { kind: 'place', message: expect.stringContaining('v1.2.3 here') },
    ]);
  });

  test('says that it does not see a directory that the driver writes to', async () => {
    const shipped = await ship(from([1]).writeText(join(directory, 'out')));
    const { code, stderr } = await shipped.process(0, tasks(1));
    expect([code, failureOf(stderr)]).toMatchObject([
      70,
      { kind: 'place', message: expect.stringMatching(/ does not see .*; write to such a disk$/) },
    ]);
  });

  test('says which file it does not see that the driver has found', async () => {
    const path = join(directory, 'seen-by-the-driver.txt');
    await writeFile(path, 'a line\n');
    const shipped = await ship(textLines(path).count());
    await rm(path);
    const { code, stderr } = await shipped.process(0, tasks(1));
    expect([code, failureOf(stderr)]).toMatchObject([
      70,
      {
        kind: 'source',
        message: expect.stringContaining('has vanished since the run began'),
        position: { file: path },
      },
    ]);
  });

  test('does not begin when the run is over', async () => {
    const session = join(directory, 'session');
    await mkdir(session);
    const shipped = await ship(from([1]).count(), { leash: join(session, 'gone') });
    const { code, stderr } = await shipped.process(0, tasks(1));
    expect([code, failureOf(stderr)]).toMatchObject([70, { kind: 'place', message: 'The run has ended' }]);
  });

  const endless = from([1]).map(() => { for (;;); }).count(); // prettier-ignore

  test('ends with the run', async () => {
    const session = join(directory, 'ending');
    await mkdir(session);
    const leash = join(session, 'leash');
    await writeFile(leash, '');
    const shipped = await ship(endless, { leash });
    const ended = shipped.process(0, tasks(1));
    // Whether it has begun or not, it ends.
    await rm(leash);
    expect((await ended).code).not.toBe(0);
  });

  test.each([
    ['ends with its executor', ''],
    ['ends though its executor was gone before it began', 'sleep 0.3; exec '],
  ])('%s', async (_, before) => {
    const { command, folder } = await ship(endless);
    const start = `
      const { spawn } = require('node:child_process');
      const child = spawn('bash', ['-c', process.argv[1], '', process.argv[2]], { stdio: ['pipe', 'ignore', 'inherit'] });
      child.stdin.write('${ROW.task}\\t0\\t0\\n');
      child.on('spawn', () => console.log('spawned'));`;
    // The executor has a session of its own, as services have.
    const executor = spawn(process.execPath, ['-e', start, `${before}bash -c "$1"`, command(0)], {
      cwd: folder,
      detached: true,
    });
    await once(executor.stdout, 'data');
    executor.kill('SIGKILL');
    // All that hold this pipe are gone when it ends.
    await text(executor.stderr);
  });
});
