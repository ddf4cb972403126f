import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serialize } from 'node:v8';
import { fileURLToPath } from 'node:url';
import type { Engine, RunOptions } from '@forkfold/core';
import {
  checkOptions,
  cutPlan,
  decode,
  encode,
  FailedStarts,
  fixedSpan,
  foldCollector,
  foldingOf,
  observers,
  openPool,
  OutputDirectory,
  partCollector,
  recordCollector,
  shuffleMemory,
  maxSkipped,
  StageOutputs,
  toError,
  type Action,
  type Collector,
  type CutPlan,
  type CutStage,
  type Failure,
  type MapOutput,
  type RunDescription,
  type TaskChunk,
  type TaskMessage,
  type TaskReply,
  type UncutPlan,
} from '@forkfold/core/engine';

/** A row of three columns: which lane takes it, where it stands in the order, and what it says. */
export type Row = readonly [lane: number, order: bigint, text: string];

const runner = fileURLToPath(new URL('pipe-runner.mjs', import.meta.url));
/** Tasks of a stage stand in the order of their first chunks. */
const ORDER_BITS = 20n;

/**
 * An engine without a network: tasks and segments of buckets are rows of text that go through the pipes of child
 * processes, stage by stage, sorted by one column of integers in between, as on Spark.
 */
export function pipeEngine(count = 2): Engine<RunOptions> & { close(): Promise<void> } {
  const lanes = Array.from({ length: count }, () => new Lane());
  let pool: Promise<FoldPool> | undefined;
  const machines: Machines = { lanes, folder: () => (pool ??= openPool(checkOptions({ processes: 1 }))) };
  return {
    name: 'pipe',
    run: (plan, action, options) => runThrough(machines, plan, action, options),
    async *stream(plan, action, options) {
      yield* (await runThrough(machines, plan, action, options)) as unknown[];
    },
    async close() {
      await Promise.all([...lanes.map((lane) => lane.close()), pool?.then((opened) => opened.close())]);
    },
  };
}

type FoldPool = Awaited<ReturnType<typeof openPool>>;

/** What the runs of an engine share. */
interface Machines {
  readonly lanes: readonly Lane[];
  /** The child that folds. */
  readonly folder: () => Promise<FoldPool>;
}

async function runThrough(
  machines: Machines,
  plan: UncutPlan,
  action: Action,
  options: RunOptions,
): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'pipe-engine-'));
  const output = action.output && (await OutputDirectory.open(action.output));
  try {
    await using cut = await cutPlan(plan, options);
    const place = { directory, filePrefix: '', isDurable: false, parts: output?.attempts ?? directory };
    const settings = checkOptions(options);
    const limits = { memory: shuffleMemory(settings), maxSkipped: maxSkipped(settings) };
    const description: RunDescription = { plan: cut.plan, limits, place };
    await writeFile(join(directory, 'run'), serialize(description));
    return await new PipeRun(cut, action, { ...machines, options, directory, description, output }).result();
  } catch (error) {
    await output?.discard();
    throw error;
  } finally {
    await rm(directory, { recursive: true });
  }
}

interface Places extends Machines {
  readonly options: RunOptions;
  readonly directory: string;
  readonly description: RunDescription;
  readonly output: OutputDirectory | undefined;
}

class PipeRun {
  readonly #outputs: StageOutputs;
  /** The rows of segments that the stages have given. */
  readonly #segments = new Map<number, Row[]>();

  constructor(
    readonly cut: CutPlan,
    readonly action: Action,
    readonly places: Places,
  ) {
    this.#outputs = new StageOutputs(cut.plan.stages);
  }

  async result(): Promise<unknown> {
    for (const stage of this.cut.stages) {
      const rows = await this.#run(stage);
      if (stage.isLast) return this.#collect(stage, rows);
      const { sink } = stage.wire;
      if (sink.kind === 'shuffle' && sink.shuffle.kind === 'sort') this.#keepRuns(stage, rows);
      else this.#segments.set(stage.number, rows);
    }
    throw new Error('a plan has a last stage');
  }

  /** Has the lanes work on a stage, and gives their rows in order. */
  async #run(stage: CutStage): Promise<Row[]> {
    const { directory, lanes } = this.places;
    const { tasks, firsts } = await this.#tasks(stage);
    const { number, count } = stage;
    await writeFile(join(directory, `tasks-${number}`), serialize({ tasks, firsts, count }));
    const rows: Row[] = tasks.map((_, i) => [i, BigInt(i), `T${i}`]);
    const read = new Set(stage.wire.branches.map(({ from }) => ('stage' in from ? from.stage : -1)));
    for (const from of read) rows.push(...(this.#segments.get(from) ?? []));
    const sorted = inOrder(rows);
    const given = lanes.map((lane, i) =>
      lane.work(
        directory,
        number,
        sorted.filter((row) => row[0] % lanes.length === i),
      ),
    );
    return inOrder((await Promise.all(given)).flat());
  }

  /** The tasks of a stage that read sources, or ranges of a sort; and the number of each branch's first chunk. */
  async #tasks(stage: CutStage): Promise<{ tasks: TaskMessage[]; firsts: number[] }> {
    const { number, wire, cuts } = stage;
    const tasks: TaskMessage[] = [];
    const firsts: number[] = [];
    let next = 0;
    const isFixed = wire.sink.kind === 'shuffle' || wire.sink.kind === 'write';
    for (const [branch, { from }] of wire.branches.entries()) {
      const chunks: TaskChunk[] = [];
      firsts.push(next);
      if ('source' in from) {
        for await (const source of cuts[branch]!.chunks) chunks.push({ number: next++, branch, source });
      } else if (from.shuffle.kind === 'sort') {
        const ranges = this.#outputs.chunksOf(from.stage, from.shuffle);
        for (const source of ranges) chunks.push({ number: next++, branch, source });
      } else next += bucketsOf(this.cut, from.stage);
      for (let at = 0; at < chunks.length;) {
        const first = chunks[at]!.number;
        const span = isFixed ? fixedSpan(stage, first) : 1;
        const held = chunks.slice(at, at + span);
        tasks.push({ run: 'run', stage: number, name: `${number}-${first}`, chunks: held });
        at += span;
      }
    }
    return { tasks, firsts };
  }

  #keepRuns(stage: CutStage, rows: readonly Row[]): void {
    for (const [, , text] of rows)
      this.#outputs.add(stage.number, decode(Buffer.from(text, 'base64')) as MapOutput);
  }

  async #collect(stage: CutStage, rows: readonly Row[]): Promise<unknown> {
    const { action } = this;
    const { options, output } = this.places;
    const { sink } = stage.wire;
    const replies = rows.map(([, order, text]) => ({
      chunk: Number(order >> ORDER_BITS),
      reply: decode(Buffer.from(text, 'base64')) as Extract<TaskReply, { ok: true }>,
    }));
    if (output !== undefined) {
      return collect(partCollector(action, output, false, observers([])), replies);
    }
    if (sink.kind === 'collect') {
      return collect(recordCollector(action, false), replies);
    }
    const runner = {
      pool: await this.places.folder(),
      run: this.places.directory,
      description: serialize(this.places.description),
      settings: checkOptions({ ...options, engine: undefined }),
      observer: observers([]),
      imports: [],
      modules: [],
      tracePrefix: join(this.places.directory, 'trace-'),
      failedStarts: new FailedStarts(),
    };
    const { signal } = new AbortController();
    const folding = foldingOf(sink, { runner, stage: stage.number, signal })!;
    const known = new Map(replies.map((given) => [given.chunk, given]));
    // A bucket without keys gives no row, but has its place in the tree.
    const last = Math.max(stage.count ?? 0, ...replies.map(({ chunk }) => chunk + 1));
    const empty = { value: encode([], 'result') } as unknown as Extract<TaskReply, { ok: true }>;
    const all = Array.from({ length: last }, (_, chunk) => known.get(chunk) ?? { chunk, reply: empty });
    try {
      return await collect(foldCollector(action, folding), all);
    } finally {
      runner.pool.forget(runner.run);
    }
  }
}

async function collect(
  collector: Collector,
  replies: readonly { readonly reply: Extract<TaskReply, { ok: true }> }[],
): Promise<unknown> {
  for (const { reply } of replies) {
    if (collector.isFull) break;
    await collector.take({ ...reply, chunks: 1 });
  }
  return collector.end();
}

function inOrder(rows: readonly Row[]): Row[] {
  return rows.toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function bucketsOf({ plan }: CutPlan, stage: number): number {
  const { sink } = plan.stages[stage]!;
  return sink.kind === 'shuffle' ? sink.partitions : 0;
}

/** A program that works on the rows of one lane, stage after stage. */
class Lane {
  readonly #child = spawn(process.execPath, [runner], { stdio: ['pipe', 'pipe', 'inherit'] });
  readonly #lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  #before: Promise<unknown> = Promise.resolve();

  /** Sends rows, and gives those that it answers with. Rejects with the failure that it tells of. */
  async work(directory: string, stage: number, rows: readonly Row[]): Promise<Row[]> {
    const answer = this.#before.then(() => this.#ask(JSON.stringify([directory, stage, rows.length]), rows));
    this.#before = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await once(this.#child, 'exit');
  }

  async #ask(request: string, rows: readonly Row[]): Promise<Row[]> {
    this.#child.stdin.write(
      [request, ...rows.map((row) => row.join('\t'))].map((line) => `${line}\n`).join(''),
    );
    const given: Row[] = [];
    let failure: Error | undefined;
    for (;;) {
      const { value: line, done } = await this.#lines.next();
      if (done) throw new Error('the program of a lane has ended');
      if (line === 'end' && failure !== undefined) throw failure;
      if (line === 'end') return given;
      const [lane, order, text] = line.split('\t') as [string, string, string];
      if (lane === 'failure') failure = toError(decode(Buffer.from(text, 'base64')) as Failure);
      else given.push([Number(lane), BigInt(order), text]);
    }
  }
}
