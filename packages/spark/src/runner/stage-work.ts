import { existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import {
  DiskUse,
  runTask,
  type LoadedRun,
  type OwnRunDirectory,
  type TaskDone,
  type TaskMessage,
  type TaskPlace,
  type WireStage,
} from '@forkfold/core/engine';
import { FailedRun } from '../ship/run-failure.js';
import type { RunFile } from '../ship/run-file.js';
import { OpenTally } from '../ship/tally.js';
import { ROW } from '../sql/row-kinds.js';
import { unpackOrder } from '../sql/row-order.js';
import { BucketGroups, type BucketGroup } from './bucket-groups.js';
import { groupTasks } from './group-tasks.js';
import type { Row, RowReader } from './row-reader.js';
import type { RowWriter } from './row-writer.js';
import { withLines } from './spark-lines.js';
import { resultRows, runRows, segmentRows, tallyRow, type StageRows } from './stage-rows.js';

/** Up to this many bytes of a task's output stay in memory before they are rows. */
const MOST_INLINE = 64 * 2 ** 20;

export interface StageContext {
  readonly stage: number;
  readonly file: RunFile;
  readonly run: LoadedRun;
  /** For what does not fit in memory. */
  readonly directory: OwnRunDirectory;
}

/** Works on the rows of one process: runs the tasks that they are, or that read them, and writes what these give. */
export async function workOnStage(context: StageContext, rows: RowReader, out: RowWriter): Promise<void> {
  const { stage, file, run, directory } = context;
  const tally = new OpenTally(stage);
  const given = { stage, out, tally };
  const { sink } = run.description.plan.stages[stage]!;
  const shipped = file.run.stages[stage]!;
  const spans = new Map(shipped.inputs.map(({ from, span }) => [from, span]));
  const groups = new BucketGroups({ directory: directory.path, prepare: directory.ensure }, spans);
  let written = 0;

  async function work(task: TaskMessage): Promise<void> {
    const place = placeOf(task, context);
    const reply = await runTask(task, run, place);
    if (!reply.ok) throw new FailedRun(reply.failure);
    tally.task(task, reply);
    written += reply.disk.written;
    for (const name of writeRows(given, { sink, keys: shipped.keys }, task, reply))
      rmSync(name, { force: true });
  }

  async function workOn(group: BucketGroup | undefined): Promise<void> {
    if (group === undefined) return;
    tally.read(group.from, group.segments.length);
    for (const task of groupTasks(group, { file, stage })) await work(task);
    groups.release();
  }

  /** Works on a partition of text, whose lines are all that a process gets. */
  async function workOnLines(first: Row): Promise<void> {
    const { bucket: branch, task: partition } = unpackOrder(first.s);
    const number = shipped.firsts[branch]! + partition;
    const chunks = [{ number, branch, source: {} }];
    await withLines(startingWith(first, rows), () =>
      work({ run: 'run', stage, name: `${stage}-${number}`, chunks }),
    );
    // A task that needs no more leaves some unread, and Spark must not meet a closed pipe.
    rows.drain();
  }

  for (const { p, s, d } of rows) {
    if (p === ROW.task) await work(file.task(stage, Number(d)));
    else if (p === ROW.tally) out.text(p, s, d);
    else if (p === ROW.line) await workOnLines({ p, s, d });
    else {
      const place = unpackOrder(s);
      const before = groups.add(place, d);
      if (before === undefined) continue;
      await workOn(before);
      groups.add(place, d);
    }
  }
  await workOn(groups.end());
  if (tally.isEmpty) return;
  // What Spark shuffles must be the same on every attempt; memory never is.
  const isLast = stage === run.description.plan.stages.length - 1;
  const own = { rss: process.memoryUsage.rss(), written: written + groups.totalWritten };
  tallyRow(given, isLast ? own : undefined);
}

/** Writes what a task gives, and names the files that held it. */
function writeRows(
  given: StageRows,
  { sink, keys }: { readonly sink: WireStage['sink']; readonly keys: readonly number[] },
  task: TaskMessage,
  reply: TaskDone,
): Set<string> {
  if (sink.kind !== 'shuffle') {
    resultRows(given, task, reply);
    return new Set('file' in reply.value ? [reply.value.file] : []);
  }
  const { segments } =
    sink.shuffle.kind === 'sort' ? runRows(given, task, reply) : segmentRows(given, task, reply, keys);
  return new Set(segments.flatMap(({ file }) => file ?? []));
}

function* startingWith(first: Row, rows: RowReader): Generator<Row, void, undefined> {
  yield first;
  yield* rows;
}

/** No other attempt may write to the same file: Spark may run two at a time, on two machines. */
function placeOf({ name }: TaskMessage, { run, directory, stage }: StageContext): TaskPlace {
  const { limits, place, plan } = run.description;
  if (plan.stages[stage]!.sink.kind === 'write' && !existsSync(place.parts)) {
    throw new FailedRun({
      kind: 'place',
      message:
        `${hostname()} does not see ${place.parts}, which the program has made: executors write to a disk that they share ` +
        'with it, under one path; write to such a disk',
    });
  }
  return {
    spill: {
      directory: directory.path,
      // No other process has a directory of that name.
      name: `${name}-${basename(directory.path)}`,
      memory: limits.memory,
      inline: MOST_INLINE,
      prepare: directory.ensure,
      disk: new DiskUse(),
    },
    inlineResult: MOST_INLINE,
    parts: place.parts,
  };
}
