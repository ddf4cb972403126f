import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './measured.js';

type Usage = Pick<Measured, 'cpu' | 'memory' | 'parentMemory' | 'childMemory'>;

/** Watches processes and their descendants. */
export interface ProcessTree {
  /** Environment variables for the processes. */
  readonly env: Record<string, string>;
  /** Looks at the memory of the processes of these ids and of all below them. */
  look(roots: readonly number[]): void;
  /** What they used, after the processes have ended. */
  end(roots: readonly number[]): Usage;
}

/**
 * Linux tells of every process, even one that was killed or is no Node: its peak memory while it runs, its CPU once it
 * was waited for. Elsewhere Node processes that end by themselves tell it of themselves, as they exit.
 */
export function processTree(): ProcessTree {
  return process.platform === 'linux' ? linuxTree() : probedTree();
}

function linuxTree(): ProcessTree {
  const before = childrenCpu();
  const peaks = new Map<number, number>();
  /** The parent of every process that was seen; a process is asked for it once. */
  const parents = new Map<number, number>();
  let memory = 0;
  return {
    env: {},
    look(roots) {
      const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
      for (const pid of pids) if (!parents.has(pid)) parents.set(pid, statOf(pid)?.[1] ?? 0);
      let now = 0;
      for (const pid of pids) {
        if (!isBelow(pid, roots, parents)) continue;
        const [, peak, current] =
          /^VmHWM:\s+(\d+)[^]*^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`)) ?? [];
        if (peak !== undefined) peaks.set(pid, Number(peak));
        now += Number(current ?? 0);
      }
      memory = Math.max(memory, now / 1024);
    },
    end(roots) {
      return { cpu: childrenCpu() - before, memory, ...memoryOf(peaks, roots) };
    },
  };
}

/** CPU seconds of all descendants that this process has waited for, and they for theirs. */
function childrenCpu(): number {
  const [, , , , , , , , , , , , , user = 0, system = 0] = statOf(process.pid) ?? [];
  return (user + system) / 100;
}

/** The fields of /proc/PID/stat from the third one, after a name that may hold anything. */
function statOf(pid: number): number[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === ''
    ? undefined
    : text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
}

function isBelow(pid: number, roots: readonly number[], parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (roots.includes(at)) return true;
  }
  return false;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function probedTree(): ProcessTree {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-bench-probe-'));
  const probe = fileURLToPath(new URL('../../probe.cjs', import.meta.url));
  return {
    env: {
      FORKFOLD_BENCH_PROBE: directory,
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --require "${probe}"`,
    },
    look: () => undefined,
    end(roots) {
      const peaks = new Map<number, number>();
      let cpu = 0;
      for (const name of readdirSync(directory)) {
        const usage = JSON.parse(readFileSync(join(directory, name), 'utf8')) as {
          cpu: number;
          maxRSS: number;
        };
        peaks.set(Number(name), usage.maxRSS);
        cpu += usage.cpu;
      }
      rmSync(directory, { recursive: true });
      // Nobody tells how much they had at the same moment: this is the most that it can have been.
      const memory = [...peaks.values()].reduce((sum, peak) => sum + peak, 0) / 1024;
      return { cpu, memory, ...memoryOf(peaks, roots) };
    },
  };
}

/** From peaks in KB by process to MB. */
function memoryOf(
  peaks: ReadonlyMap<number, number>,
  roots: readonly number[],
): Pick<Usage, 'parentMemory' | 'childMemory'> {
  const largest = (isRoot: boolean): number =>
    Math.max(0, ...[...peaks].filter(([pid]) => roots.includes(pid) === isRoot).map(([, peak]) => peak)) /
    1024;
  return { parentMemory: largest(true), childMemory: largest(false) };
}
