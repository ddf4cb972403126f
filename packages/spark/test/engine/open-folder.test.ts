import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { range, type Plan, type RunOptions } from '@forkfold/core';
import {
  checkOptions,
  Counts,
  decode,
  encode,
  foldingOf,
  openPool,
  type CompiledPlan,
  type Settings,
} from '@forkfold/core/engine';
import { openFolder, type Folder } from '../../src/engine/open-folder.js';

let tmpDir: string;
beforeEach(() => {
  tmpDir = mkdtempSync(join(tmpdir(), 'forkfold-folder-'));
});
afterEach(() => rmSync(tmpDir, { recursive: true }));

const counts = new Counts();

interface Captured {
  readonly plan: CompiledPlan;
  readonly settings: Settings;
}

/** What an engine is given of a plan. */
async function captured(plan: Plan<unknown>, options: RunOptions = {}): Promise<Captured> {
  let given: Captured | undefined;
  await plan.run({
    ...options,
    tmpDir,
    engine: {
      name: 'captive',
      async run({ stages, functions, calls }, _, all) {
        given = {
          plan: { stages, functions, calls } as unknown as CompiledPlan,
          settings: checkOptions(all),
        };
      },
      stream: () => {
        throw new Error('nobody streams');
      },
    },
  });
  return given!;
}

async function fold({ runner }: Folder, { plan }: Captured): Promise<unknown> {
  const { signal } = new AbortController();
  const folding = foldingOf(plan.stages.at(-1)!.sink, { runner, stage: plan.stages.length - 1, signal })!;
  for (const n of [1, 2, 3]) await folding.push({ value: encode([n], 'result'), size: 1 });
  return decode((await folding.result())!);
}

describe('what folds the results of Spark', () => {
  test('is there for a fold alone', async () => {
    const { plan, settings } = await captured(range(3).toArray());
    expect(await openFolder(plan, settings, { counts })).toBeUndefined();
  });

  test('leaves nothing, also where its child has died, and another one has kept a trace', async () => {
    const given = await captured(
      range(3).reduce((a, b) => {
        const { existsSync, writeFileSync } = process.getBuiltinModule('node:fs');
        const mark = process.env['FORKFOLD_TEST_MARK']!;
        if (!existsSync(mark)) {
          writeFileSync(mark, '');
          process.kill(process.pid, 'SIGKILL');
        }
        return a + b;
      }),
      { env: { FORKFOLD_TEST_MARK: join(tmpDir, 'mark') } },
    );
    const folder = (await openFolder(given.plan, given.settings, { counts }))!;
    expect(await fold(folder, given)).toEqual([6]);
    expect(readdirSync(tmpDir)).toHaveLength(2);
    await folder.close();
    expect(readdirSync(tmpDir)).toEqual(['mark']);
  });

  test('removes its directory where the child does not end as it should', async () => {
    const reason = new Error('it will not end');
    const given = await captured(range(3).reduce((a, b) => a + b));
    const folder = (await openFolder(given.plan, given.settings, { counts }, async (settings) => {
      const pool = await openPool(settings);
      return { ...pool, close: () => pool.close().then(() => Promise.reject(reason)) };
    }))!;
    mkdirSync(folder.runner.run);
    folder.runner.workspace!.mayBeMade();
    await expect(folder.close()).rejects.toBe(reason);
    expect(readdirSync(tmpDir)).toEqual([]);
  });

  test('removes what dead ones have left before it says that it cannot be opened', async () => {
    const given = await captured(range(3).reduce((a, b) => a + b));
    const left = join(tmpDir, 'forkfold-0123456789');
    mkdirSync(left);
    writeFileSync(join(left, 'owner'), JSON.stringify({ pid: 999_999_999, started: 'long ago' }));
    const reason = new Error('no pool');
    const opened = openFolder(given.plan, given.settings, { counts }, async () => {
      throw reason;
    });
    await expect(opened).rejects.toBe(reason);
    expect(readdirSync(tmpDir)).toEqual([]);
  });
});
