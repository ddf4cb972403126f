import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createPool,
  defineJob,
  JobError,
  OptionError,
  range,
  SerializationError,
  TaskError,
  WorkerCrashError,
  type Dataset,
} from '@forkfold/core';
import { processPool } from '@forkfold/core/engine';
import { caught, fixture, harness } from './harness.js';

const shared = harness();

type Numbers = (numbers: Dataset<number>, ...more: unknown[]) => Dataset<number>;
const jobs: Record<string, Numbers> = {};
let hanging: Numbers;
beforeAll(async () => {
  const [path, hang] = ['../fixtures/jobs.mjs', '../fixtures/hangs-at-load.mjs'];
  Object.assign(jobs, await import(path));
  ({ job: hanging } = (await import(hang)) as { job: Numbers });
});

/** In one child: another one would say the same. */
const run = (dataset: Dataset<number>): Promise<number[]> => dataset.toArray().run(shared.options(1));

describe('a job', () => {
  it('has its arguments in the children, defaults filled in, and may call another job', async () => {
    const table = new Map([[1, 2n]]) as unknown;
    expect(await run(jobs.broadcast!(range(2), new Map([[1, 5]])))).toEqual([1, 6]);
    expect(await run(jobs.broadcast!(range(2), new Map([[1, 5]]), 2))).toEqual([2, 7]);
    expect(await run(jobs.outer!(range(2)))).toEqual([-1, -11]);
    expect(await caught(run(jobs.broadcast!(range(2), table)))).toBeInstanceOf(TaskError);
  });

  it('refuses an argument that cannot cross, by its path', async () => {
    const error = await caught(run(jobs.broadcast!(range(2), { get: () => 1 })));
    expect(error).toBeInstanceOf(SerializationError);
    expect((error as Error).message).toMatch('arguments[1].get is a function');
  });

  it.each([
    ['differing', /builds differently in the child process \(function 1 is another one\)/],
    ['named', /builds differently in the child process \(function 1 is another one\)/],
    ['otherVerb', /\(function 1 is given to filter, not to map\)/],
    ['otherShape', /\(function 1 is a function of 1 parameter, not a function of 0 parameters\)/],
    ['shorter', /builds differently in the child process \(it hands over 0 functions, not 1\)/],
    ['throwing', /threw in the child process: RangeError: not in a child/],
  ])('that is %s in a child is a JobError with what the child says', async (name, message) => {
    const error = await caught(run(jobs[name]!(range(3))));
    expect(error).toBeInstanceOf(JobError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain('jobs.mjs');
  });

  it('that is asynchronous is refused at the call, with the remedy', () => {
    expect(() => jobs.asynchronous!(range(3))).toThrow(/is asynchronous: a builder must return its dataset/);
  });

  it('that a child does not define is a JobError', async () => {
    const { forkfoldLateJob } = globalThis as unknown as { forkfoldLateJob: Numbers };
    const error = await caught(run(forkfoldLateJob(range(3))));
    expect(error).toBeInstanceOf(JobError);
    expect((error as Error).message).toMatch(
      /is not defined in the child process: define it at the top level/,
    );
  });

  it('whose module has gone is a JobError with what the child says', async () => {
    const path = fixture(`gone-${process.pid}.mjs`);
    const code = "import { defineJob } from '@forkfold/core'; export const gone = defineJob(import.meta.url, (d) => d.map((n) => n));"; // prettier-ignore
    await writeFile(path, code);
    try {
      const { gone } = (await import(path)) as { gone: Numbers };
      await writeFile(path, 'this is no JavaScript');
      const torn = await caught(run(gone(range(3))));
      expect(torn).toBeInstanceOf(JobError);
      expect((torn as Error).message).toMatch(/gone-.*cannot be loaded in the child process: SyntaxError/);
      await rm(path);
      // A warm child may remember what it has met.
      const error = await caught(gone(range(3)).toArray().run({ processes: 1, tmpDir: shared.tmpDir }));
      expect((error as Error).message).toMatch(/cannot be loaded in the child process: .*Cannot find module/);
    } finally {
      await rm(path, { force: true });
    }
  });

  it('whose file has changed since is a JobError that says so, wherever the change is', async () => {
    const path = fixture(`changed-${process.pid}.mjs`);
    const code = "import { defineJob } from '@forkfold/core'; const by = 1; export const job = defineJob(import.meta.url, (d) => d.map((n) => n + by));"; // prettier-ignore
    await writeFile(path, code);
    try {
      const { job } = (await import(path)) as { job: Numbers };
      const warm = shared.options(1);
      expect(await job(range(2)).toArray().run(warm)).toEqual([1, 2]);
      await writeFile(path, code.replace('by = 1', 'by = 2'));
      // A warm child has the module as it was; others do not.
      expect(await job(range(2)).toArray().run(warm)).toEqual([1, 2]);
      const error = await caught(job(range(2)).toArray().run({ processes: 1, tmpDir: shared.tmpDir }));
      expect(error).toBeInstanceOf(JobError);
      expect((error as Error).message).toMatch(
        /changed-.* has changed since the program loaded it, .*again$/,
      );
    } finally {
      await rm(path, { force: true });
    }
  });

  it.each([
    ['ts', 'export const n: number = 1;', typescript()],
    [
      'test.mjs',
      "describe('x', () => {});",
      /ReferenceError: describe is not defined; this is a test file: /,
    ],
    [
      'jest.test.mjs',
      'throw new SyntaxError("The requested module \'@jest/globals\' is a CommonJS module")',
      /; this is a test file: /,
    ],
    ['css.mjs', "import './x.css';", /.css.* children load modules as Node.js does/],
    ['alias.mjs', "import '@/x.js';", /Cannot find package '@\/x.js'.* the aliases of other tools/],
    ['js.mjs', "import './neighbour.js';", /; there is .*neighbour.ts, which a loader finds: .*--import tsx/],
    ['whole.mjs', "import './neighbour';", /; there is .*neighbour.ts: import it by its whole name/],
    ['gone.mjs', "import './nowhere.js';", /Cannot find module '.*nowhere.js' imported from [^;]*$/],
  ])(
    'in a file that only a loader or a runner can load says what helps: .%s',
    async (ending, code, message) => {
      const folder = shared.fresh();
      await mkdir(folder);
      for (const [name, text] of [
        [`x.${ending}`, code],
        ['x.css', ''],
        ['neighbour.ts', ''],
      ] as const) {
        await writeFile(join(folder, name), text);
      }
      const url = pathToFileURL(join(folder, `x.${ending}`)).href;
      // The module of this process is the test itself, which stands for one that a loader has transformed.
      const error = await caught(
        run(defineJob(url, (numbers: Dataset<number>) => numbers.map((n) => n))(range(2))),
      );
      expect(error).toBeInstanceOf(JobError);
      expect((error as Error).message).toMatch(message);
    },
  );

  it.each([
    [5, /Expected "build" of defineJob to be a function, got number/],
    [undefined, /got undefined/],
  ])('is not made of %p', (build, message) => {
    expect(() => defineJob(import.meta.url, build as never)).toThrow(message);
    expect(() => defineJob('no url', () => 1)).toThrow(OptionError);
    expect(() => defineJob('[eval]', () => 1)).toThrow(/define the job in a module, which has a file/);
    expect(() => defineJob(undefined as never, () => 1)).toThrow(/bundle to ESM, or give __filename$/);
  });
});

/** What a child says of a TypeScript file: the Nodes that strip types by themselves find no job in it. */
function typescript(): RegExp {
  return 'typescript' in process.features && process.features.typescript
    ? /is not defined in the child process/
    : /ERR_UNKNOWN_FILE_EXTENSION.*does not run TypeScript by itself: .*--import tsx, or run with \{ execArgv: \['--import', 'tsx'\] \}/;
}

describe.each([1, 2])('a job module, in %d children,', (processes) => {
  const inEnv = async (HANG: string): Promise<unknown> => {
    await using pool = createPool({ processes, env: { HANG } });
    return await caught(hanging(range(9)).toArray().run({ pool, tmpDir: shared.tmpDir }));
  };

  it.each(['await', 'loop'])(
    'that never finishes loading, by %s, is a JobError that says so',
    async (HANG) => {
      const deadlines = { boot: 60_000, load: 300 };
      await using pool = processPool({ processes, env: { HANG }, deadlines });
      const plan = hanging(range(9)).toArray();
      // The timeout of a task is not for loading.
      const error = await caught(plan.run({ pool, tmpDir: shared.tmpDir, timeout: 200 }));
      expect(error).toBeInstanceOf(JobError);
      expect((error as Error).message).toMatch(
        /hangs-at-load.mjs did not finish loading within 0.3 s in the child/,
      );
    },
  );

  it('that loops for ever when it builds in a warm child is a JobError that says so; a slow function is none', async () => {
    const deadlines = { boot: 60_000, load: 300 };
    await using pool = processPool({ processes, deadlines, isWarm: true });
    const build = async (does: string): Promise<unknown> =>
      jobs.busy!(range(9), does).toArray().run({ pool, tmpDir: shared.tmpDir });
    const numbers = Array.from({ length: 9 }, (_, i) => i);
    for (let i = 0; i < 3; i += 1) expect(await build('nothing')).toEqual(numbers);
    expect(await build('waits')).toEqual(numbers);
    const error = await caught(build('loops'));
    expect(error).toBeInstanceOf(JobError);
    expect((error as Error).message).toMatch(
      /jobs.mjs did not finish loading within 0.3 s in the child.* a function given to defineJob loop for ever/,
    );
    expect(await build('nothing')).toEqual(numbers);
  });

  it('that throws at its top level is a JobError with what it threw', async () => {
    const error = await inEnv('throw');
    expect(error).toBeInstanceOf(JobError);
    expect((error as Error).message).toMatch(/cannot be loaded in the child process: RangeError: top level/);
  });

  it('that ends its process is a WorkerCrashError that says so', async () => {
    const error = await inEnv('exit');
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error).toMatchObject({ exitCode: 9, attempts: 3 });
    expect((error as Error).message).toMatch(
      /died while it loaded the modules of the run's jobs, with exit code 9/,
    );
    // The error says the same of two children.
    if (processes === 2) return;
    const late = await inEnv('late');
    expect(late).toBeInstanceOf(WorkerCrashError);
    expect((late as Error).message).toMatch(/exit code 1, 3 times in a row: .*RangeError: nobody caught it/);
    expect((late as Error).cause).toMatchObject({ name: 'RangeError' });
  });
});

it('a child that never starts is a WorkerCrashError that says so', async () => {
  const execArgv = ['--import', 'data:text/javascript,for(;;);'];
  const deadlines = { boot: 200, load: 60_000 };
  await using pool = processPool({ processes: 2, execArgv, deadlines });
  const error = await caught(range(9).count().run({ pool, tmpDir: shared.tmpDir }));
  expect(error).toBeInstanceOf(WorkerCrashError);
  expect((error as Error).message).toMatch(/did not start within 0.2 s, and was killed/);
});
