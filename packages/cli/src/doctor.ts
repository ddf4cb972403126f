import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, tmpdir, totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import { range, type RunOptions } from '@forkfold/core';
import { inheritedExecArgv } from '@forkfold/core/engine';

/** What was looked at, what was found, and what to do about it where something is amiss. */
interface Finding {
  readonly what: string;
  readonly found: string;
  readonly remedy?: string | undefined;
}

/** Below this a keyed verb or a sort of some size may find no room. */
const LITTLE_SPACE = 2 ** 30;

/** `forkfold doctor`: looks at the machine and tries a run with these options. Gives the exit code. */
export async function doctor(options: RunOptions): Promise<number> {
  const findings = [
    runtime(),
    cores(),
    memory(),
    await space(options.tmpDir ?? tmpdir()),
    loaderFlags(options),
  ];
  const trial = await trialRun(options);
  for (const { what, found, remedy } of [...findings, trial]) {
    process.stdout.write(`${remedy === undefined ? 'ok' : '!!'}  ${what.padEnd(8)}${found}\n`);
    if (remedy !== undefined) process.stdout.write(`            ${remedy}\n`);
  }
  return trial.remedy === undefined ? 0 : 1;
}

function runtime(): Finding {
  const { typescript } = process.features as { typescript?: string | false };
  const types = typescript ? 'runs TypeScript' : 'runs TypeScript by a loader only (node --import tsx)';
  return { what: 'node', found: `${process.version}, ${process.platform} ${process.arch}, ${types}` };
}

function cores(): Finding {
  const quota = quotaOf(textOf('/sys/fs/cgroup/cpu.max'));
  const usable = availableParallelism();
  const found = `${usable} of ${cpus().length} usable${quota === undefined ? '' : `, a quota of ${quota}`}`;
  const isOver = quota !== undefined && quota < usable;
  return {
    what: 'cores',
    found,
    remedy: isOver
      ? `give --processes ${Math.max(1, Math.floor(quota))}: more would wait for each other`
      : undefined,
  };
}

/** Cores a cgroup may use, as `cpu.max` says it. */
function quotaOf(text: string | undefined): number | undefined {
  const [quota, period] = (text ?? 'max').trim().split(' ').map(Number);
  return quota === undefined || period === undefined || Number.isNaN(quota)
    ? undefined
    : Math.round((10 * quota) / period) / 10;
}

function memory(): Finding {
  const limit = Number(textOf('/sys/fs/cgroup/memory.max') ?? NaN);
  const bound = limit < totalmem() ? `, a limit of ${gigabytes(limit)}` : '';
  return { what: 'memory', found: `${gigabytes(freemem())} free of ${gigabytes(totalmem())}${bound}` };
}

async function space(folder: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const remedy = free < LITTLE_SPACE ? 'give --tmp-dir a folder with more room' : undefined;
    return { what: 'tmp', found: `${gigabytes(free)} free in ${folder}`, remedy };
  } catch (error) {
    return { what: 'tmp', found: (error as Error).message, remedy: 'give --tmp-dir a folder that exists' };
  }
}

function loaderFlags({ execArgv }: RunOptions): Finding {
  const flags = [...inheritedExecArgv(process.execArgv, undefined), ...(execArgv ?? [])];
  const environment = process.env.NODE_OPTIONS ? `, NODE_OPTIONS=${process.env.NODE_OPTIONS}` : '';
  return { what: 'flags', found: `${flags.join(' ') || 'none'} for the children${environment}` };
}

async function trialRun(options: RunOptions): Promise<Finding> {
  const started = performance.now();
  const pids = range(8)
    .map(() => process.pid)
    .distinct();
  try {
    const found = await pids
      .toArray()
      .run({ processes: Math.min(2, availableParallelism()), chunkSize: 1, ...options });
    const children = found.filter((pid) => pid !== process.pid).length;
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    return { what: 'trial', found: `${children} children answered in ${seconds} s` };
  } catch (error) {
    return {
      what: 'trial',
      found: (error as Error).message,
      remedy: 'no run can succeed before this one does',
    };
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
