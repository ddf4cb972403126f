import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { fixture } from './harness.js';

const fixtures = dirname(fixture('verbs.mjs'));
const line = readFileSync(fixture('verbs.mjs'), 'utf8').split('\n')[0];
const all = {
  map: [2, 4],
  values: 1,
  keyed: [
    [0, 20],
    [1, 16],
  ],
  sorted: [8, 7],
  lines: [line],
  thrown: 'TaskError: map threw RangeError: no (chunk 0 at record 0: 1)',
  streamed: [0, 1],
};

/** Runs a fixture from the folder that it lies in, as a person would, and gives what it prints. */
async function told(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd: string = fixtures,
): Promise<unknown> {
  const options = { cwd, env: { ...process.env, ...env }, timeout: 60_000, killSignal: 'SIGKILL' } as const;
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', ...argv], options);
  return JSON.parse(stdout);
}

describe('runs work', () => {
  it('where intrinsics are frozen', async () => {
    expect(await told(['--frozen-intrinsics', 'verbs.mjs', '0', '1'])).toEqual({ 0: all, 1: all });
  });

  it('where a watcher has its processes report their modules', async () => {
    expect(await told(['verbs.mjs', '1'], { WATCH_REPORT_DEPENDENCIES: '1' })).toEqual({ 1: all });
  });

  it("where NODE_OPTIONS have a debugger that children would wait for, which is their parent's own", async () => {
    // The parent is debugged from here, as NODE_OPTIONS would have it wait, too.
    const debug = 'process.env.NODE_OPTIONS = "--inspect-brk=0 --no-deprecation"; process.argv.push("1"); await import("./verbs.mjs")'; // prettier-ignore
    expect(await told(['--input-type=module', '--eval', debug, 'verbs.mjs'])).toEqual({ 1: all });
  });

  it('in a program that is watched', async () => {
    const watcher = spawn(process.execPath, ['--watch', 'verbs.mjs', '1'], { cwd: fixtures });
    let output = '';
    for await (const data of watcher.stdout) {
      output += String(data);
      if (/^\{.*\}$/m.test(output) || /Failed running/.test(output)) break;
    }
    const exited = once(watcher, 'exit');
    watcher.kill('SIGTERM');
    await exited;
    expect(JSON.parse(/^\{.*\}$/m.exec(output)?.[0] ?? 'null')).toEqual({ 1: all });
  });
});

const [permission] = ['--permission', '--experimental-permission'].filter((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);

describe("under Node's permission model", () => {
  const read = '--allow-fs-read=*';

  it('runs work that have the rights', async () => {
    const flags = [permission!, read, '--allow-child-process', '--allow-worker'];
    expect(await told([...flags, 'verbs.mjs', '0', '1'])).toEqual({ 0: all, 1: all });
  });

  it('a run that may not start processes is an OptionError that names the flag, and needs none with processes: 0', async () => {
    const results = await told([permission!, read, 'verbs.mjs', '0']);
    expect(results).toEqual({ 0: all });
    const refused = { message: expect.stringMatching(/OptionError: .* start it with --allow-child-process, or run with processes: 0/) }; // prettier-ignore
    await expect(told([permission!, read, 'verbs.mjs', '1'])).rejects.toMatchObject(refused);
  });
});

describe('a module that a flag names', () => {
  it.each([
    ['relative to where the program was started', ['--import', './preload.mjs'], {}],
    ['in one word, by require', ['--require=./preload.cjs'], {}],
    ['in NODE_OPTIONS', [], { NODE_OPTIONS: '--import ./preload.mjs' }],
  ])('%s is loaded by children whose parent has gone elsewhere', async (_, flags, env) => {
    const told1 = (await told([...flags, 'preloaded.mjs'], env)) as [
      { isLoaded: boolean; directory: string },
    ];
    expect(told1).toMatchObject([{ isLoaded: true }]);
    // They are where their parent is.
    expect(told1[0].directory).not.toBe(fixtures);
  });

  it('is found by the place of the program where the parent was elsewhere before it loaded forkfold', async () => {
    const flags = ['--import', './preload.mjs'];
    expect(await told([...flags, 'preloaded.mjs', 'before'], { PWD: '/' })).toMatchObject([
      { isLoaded: true },
    ]);
  });

  it('and that cannot be found is an OptionError that names the flag', async () => {
    const above = dirname(fixtures);
    const flags = ['--import', './fixtures/preload.mjs'];
    expect(await told([...flags, fixture('preloaded.mjs'), 'before'], { PWD: '/' }, above)).toMatch(
      /^OptionError: The module of --import \.\/fixtures\/preload.mjs is not found from .*absolute path/,
    );
  });

  it('of a run is found from where the parent is', async () => {
    const path = fileURLToPath(new URL('../fixtures/preload.mjs', import.meta.url));
    expect(await told(['preloaded.mjs', 'after', `--import=${path}`])).toMatchObject([{ isLoaded: true }]);
  });
});
