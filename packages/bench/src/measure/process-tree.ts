import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './run-program.js';

type Usage = Pick<Measured, 'cpu' | 'parentMemory' | 'childMemory'>;

/** Watches a process and its descendants. */
export interface ProcessTree {
  /** Environment variables for the process. */
  readonly env: Record<string, string>;
  /** Looks at the memory of the process of this id and of all below it. */
  look(root: number): void;
  /** What they used, after the process has ended. */
  end(root: number): Usage;
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
  return {
    env: {},
    look(root) {
      const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
      for (const pid of pids) if (!parents.has(pid)) parents.set(pid, statOf(pid)?.[1] ?? 0);
      for (const pid of pids) {
        if (!isBelow(pid, root, parents)) continue;
        const peak = /^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
        if (peak !== undefined) peaks.set(pid, Number(peak));
      }
    },
    end(root) {
      return { cpu: childrenCpu() - before, ...memoryOf(peaks, root) };
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

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) {
    if (at === root) return true;
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
    end(root) {
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
      return { cpu, ...memoryOf(peaks, root) };
    },
  };
}

/** From peaks in KB by process to MB. */
function memoryOf(peaks: ReadonlyMap<number, number>, root: number): Omit<Usage, 'cpu'> {
  const children = [...peaks].filter(([pid]) => pid !== root).map(([, peak]) => peak);
  return { parentMemory: (peaks.get(root) ?? 0) / 1024, childMemory: Math.max(0, ...children) / 1024 };
}
