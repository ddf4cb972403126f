import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The cluster that `npm run test:spark -- --cluster` has started. */
export interface Cluster {
  readonly remote: string;
  /** The process of the Connect server. */
  readonly server: number;
  readonly workers: readonly { readonly host: string; readonly pid: number }[];
  /** The folder of Spark's event logs. */
  readonly events: string;
}

export function cluster(): Cluster {
  const { FORKFOLD_CLUSTER: given } = process.env;
  if (given === undefined) throw new Error('run these tests by npm run test:spark -- --cluster');
  return JSON.parse(given) as Cluster;
}

/** How an attempt at a task of Spark's ended. */
export interface TaskEnd {
  readonly stage: number;
  readonly stageAttempt: number;
  readonly attempt: number;
  readonly isSpeculative: boolean;
  /** Such as `Success`, `ExceptionFailure`, `FetchFailed`, `ExecutorLostFailure`, `TaskKilled`. */
  readonly reason: string;
  readonly description: string;
  readonly spilledBytes: number;
}

/** The ends of tasks that Spark's event log has since it had so many. */
export function taskEnds(since = 0): TaskEnd[] {
  const { events } = cluster();
  const lines = readdirSync(events).flatMap((file) => readFileSync(join(events, file), 'utf8').split('\n'));
  const ends = lines.filter(
    (line) => line.startsWith('{"Event":"SparkListenerTaskEnd"') && line.endsWith('}'),
  );
  return ends.slice(since).map((line) => {
    const { 'Stage ID': stage, 'Stage Attempt ID': stageAttempt, ...end } = JSON.parse(line);
    const { 'Task Info': info, 'Task End Reason': reason, 'Task Metrics': metrics } = end;
    return {
      stage,
      stageAttempt,
      attempt: info.Attempt,
      isSpeculative: info.Speculative,
      reason: reason.Reason,
      description: String(reason.Description ?? ''),
      spilledBytes: metrics?.['Disk Bytes Spilled'] ?? 0,
    };
  });
}

/** The event log is written some time after the fact. */
export async function untilLogged(
  since: number,
  isThere: (ends: readonly TaskEnd[]) => boolean,
): Promise<TaskEnd[]> {
  for (;;) {
    const ends = taskEnds(since);
    if (isThere(ends)) return ends;
    await sleep(500);
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

function processes(): Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** The programs of this package that run on the executors: those of a stage, if one is given. */
export function runners(stage?: number): number[] {
  return processes()
    .filter(({ args }) => {
      const [, own] = /forkfold-[0-9a-f]{12}-[0-9a-f]{8}\.[cm]js \S+\.bin \S+ (\d+) /.exec(args) ?? [];
      return (
        own !== undefined && (stage === undefined || Number(own) === stage) && !args.startsWith('/bin/bash')
      );
    })
    .map(({ pid }) => pid);
}

/** The processes that a process has started. */
export function childrenOf(parent: number): number[] {
  return processes()
    .filter((child) => child.parent === parent)
    .map(({ pid }) => pid);
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(100);
}
