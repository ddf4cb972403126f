// Reads rows of tasks and of segments, works on them, and writes rows: see pipe-engine.ts. A line of JSON stands before the
// rows of a stage: the directory of the run, the number of the stage, and how many rows follow; `end` follows the answer.
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { deserialize } from 'node:v8';
import { decode, DiskUse, encode, fixedSpan, loadRun, parkRuns, runTask } from '@forkfold/core/engine';

const parked = new Promise((resolve) => parkRuns(resolve));
const ORDER_BITS = 20n;

/** Rows of the stage. */
const written = [];
const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
for (let request = await lines.next(); !request.done; request = await lines.next()) {
  const [directory, number, count] = JSON.parse(request.value);
  const rows = [];
  for (let i = 0; i < count; i += 1) rows.push((await lines.next()).value.split('\t')[2]);
  await workOn(directory, number, rows);
  row('end');
  write(written.splice(0));
}

async function workOn(directory, number, rows) {
  const run = await loadRun(readFileSync(join(directory, 'run')), { parked });
  const { tasks, firsts, count } = deserialize(readFileSync(join(directory, `tasks-${number}`)));
  const stage = { ...run.description.plan.stages[number], number, firsts, count };
  /** Segments by stage and bucket. */
  const segments = new Map();
  const own = [];
  for (const text of rows) {
    if (text.startsWith('T')) own.push(tasks[Number(text.slice(1))]);
    else {
      const { stage: from, ...segment } = decode(Buffer.from(text, 'base64'));
      const key = `${from}-${segment.bucket}`;
      segments.set(key, [...(segments.get(key) ?? []), segment]);
    }
  }
  for (const task of [...own, ...bucketTasks(run, stage, segments)]) {
    const failure = await work(task, run, stage);
    if (failure === undefined) continue;
    row('failure', 0, Buffer.from(encode(failure, 'failure')).toString('base64'));
    return;
  }
}

/** Tasks that read buckets: each covers a span of them. */
function* bucketTasks({ description: { plan } }, stage, segments) {
  const { number, firsts, count } = stage;
  const partitionsOf = (from) => plan.stages[from].sink.partitions;
  const isFixed = stage.sink.kind === 'shuffle' || stage.sink.kind === 'write';
  for (const [branch, { from }] of stage.branches.entries()) {
    if (!('shuffle' in from) || from.shuffle.kind === 'sort') continue;
    const first = firsts[branch];
    const partitions = partitionsOf(from.stage);
    for (let at = 0; at < partitions;) {
      const span = isFixed ? fixedSpan({ wire: stage, count }, first + at) : 1;
      const buckets = Array.from({ length: Math.min(span, partitions - at) }, (_, i) => at + i);
      const chunks = buckets.map((bucket) => ({
        number: first + bucket,
        branch,
        source: { kind: 'bucket', segments: segments.get(`${from.stage}-${bucket}`) ?? [] },
      }));
      if (chunks.some(({ source }) => source.segments.length > 0)) {
        yield { run: 'run', stage: number, name: `${number}-${first + at}`, chunks };
      }
      at += span;
    }
  }
}

async function work(task, run, stage) {
  const { limits, place } = run.description;
  const { directory } = place;
  const reply = await runTask(task, run, {
    spill: {
      directory,
      name: `${task.name}-0`,
      memory: limits.memory,
      inline: Infinity,
      disk: new DiskUse(),
    },
    inlineResult: Infinity,
    parts: place.parts,
  });
  if (!reply.ok) return reply.failure;
  const { sink } = stage;
  const order = BigInt(task.chunks[0].number) << ORDER_BITS;
  const isKeyed = sink.kind === 'shuffle' && sink.shuffle.kind !== 'sort';
  if (!isKeyed) {
    const value = sink.kind === 'shuffle' ? reply.value : encode(reply, 'reply');
    row(0, order, Buffer.from(value).toString('base64'));
    return undefined;
  }
  const output = decode(reply.value);
  for (const [i, segment] of output.segments.entries()) {
    const { offset = 0, length } = segment;
    const data = segment.data ?? readFileSync(segment.file).subarray(offset, offset + length);
    const { bucket, entries } = segment;
    const text = Buffer.from(
      encode({ stage: stage.number, bucket, entries, length, data }, 'segment'),
    ).toString('base64');
    row(laneOf(bucket), order + BigInt(i), text);
  }
  return undefined;
}

/** Buckets that one task of a later stage reads must be in one lane: spans of so few chunks as tests have are short. */
function laneOf(bucket) {
  return Math.floor(bucket / 16);
}

function row(...columns) {
  written.push(`${columns.join('\t')}\n`);
}

function write(rows) {
  const bytes = Buffer.from(rows.join(''));
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // A pipe that is full is tried again.
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
