import { randomUUID } from 'node:crypto';
import { serialize } from 'node:v8';
import {
  maxSkipped,
  shuffleMemory,
  type CutPlan,
  type MapOutput,
  type RunDescription,
  type Settings,
  type TaskMessage,
} from '@forkfold/core/engine';
import type { Bundle } from '../bundle/bundle.js';
import type { SessionFile } from '../client/artifacts.js';
import type { SparkRow } from '../client/rows.js';
import type { QueryOptions } from '../client/run-plan.js';
import { packRun, type ShippedInput } from '../ship/run-file.js';
import { START_SCRIPT } from '../ship/start-script.js';
import { ROW } from '../sql/row-kinds.js';
import { packOrder, TASK_STEP } from '../sql/row-order.js';
import { fileName, runnerCommand } from '../sql/runner-command.js';
import {
  cacheTable,
  nestedQuery,
  stagesQuery,
  uncacheTable,
  type SqlStage,
  type SqlText,
} from '../sql/stages-query.js';
import { explain } from './explain.js';
import { stagesReadBy, type Layout, type StageLayout } from './lay-out.js';
import { inOrder, wholeValues, withGaps, type StageResult } from './results.js';
import type { SparkSession } from './session.js';
import type { SparkText } from './spark-text.js';
import { decodeRuns, planRanges, type PlannedSort } from './sort-barrier.js';
import { Tallies } from './tallies.js';

/** What a run on Spark is made of. */
export interface RunParts {
  readonly cut: CutPlan;
  /** What Spark itself reads. */
  readonly texts: readonly SparkText[];
  readonly layout: Layout;
  readonly bundle: Bundle;
  /** What has Node.js load the bundle. */
  readonly loader: Uint8Array;
  readonly session: SparkSession;
  readonly settings: Settings;
  /** The program `node` on the executors. */
  readonly node: string;
  /** Where the parts of an output are written by those who work on it. */
  readonly parts: string;
  /** A file that lasts as long as the run. */
  readonly leash: string;
  readonly queryOptions: QueryOptions;
}

/** A sort that has run: its rows lie in a table, and the ranges of its keys are known. */
interface DoneSort {
  readonly table: string;
  readonly planned: PlannedSort;
}

/**
 * The stages of a run as Spark runs them: one query of them all, and one before it for each sort, whose ranges of keys depend on
 * what is there.
 */
export class SparkRun {
  readonly tallies = new Tallies();
  readonly #parts: RunParts;
  readonly #start: SessionFile;
  readonly #loader: SessionFile;
  readonly #runner: SessionFile;
  readonly #description: Uint8Array;
  readonly #sorts = new Map<number, DoneSort>();

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { bundle, loader, session, cut, settings } = parts;
    const { sessionId } = session.client;
    const file = (what: string, data: Uint8Array, suffix: string): SessionFile => {
      return { name: fileName(what, data, sessionId, suffix), data };
    };
    this.#start = file('start', START_SCRIPT, '.sh');
    this.#loader = file('load', loader, '.cjs');
    this.#runner = file('forkfold', bundle.code, bundle.suffix);
    this.#description = serialize(describe(cut, settings, parts.parts));
  }

  /** What the tasks of the last stage give, in the order of their chunks. */
  async *results(): AsyncGenerator<StageResult, void, undefined> {
    const { stages } = this.#parts.layout;
    const last = stages.at(-1)!;
    for (const stage of stages) if (isSort(stage) && stage !== last) await this.#sort(stage);
    const query = stagesQuery(await this.#sqlStages(last));
    const values = this.#values(query, ROW.result);
    // Spark gives several inputs one after another, while the branches that read them may stand in any order.
    const { number, wire } = last.stage;
    const hasText = this.#parts.texts.some(({ stage }) => stage === number);
    const readsOnlyTasks = stagesReadBy(last.stage).length === 0 && !hasText;
    const ordered = inOrder(values, wire.branches.length === 1 || readsOnlyTasks);
    const { kind } = wire.sink;
    const isFold = kind === 'count' || kind === 'reduce' || kind === 'aggregate';
    yield* isFold ? withGaps(ordered, last.stage.count ?? 0) : ordered;
  }

  /** Lets go of what Spark keeps for the run. Never rejects. */
  async end(): Promise<void> {
    const { client } = this.#parts.session;
    for (const { table } of this.#sorts.values()) {
      await client.command(uncacheTable(table)).catch(() => undefined);
    }
  }

  /** Has a stage sort its records into runs, and cuts these into ranges. */
  async #sort(sort: StageLayout): Promise<void> {
    const { session, layout, cut, queryOptions } = this.#parts;
    const { number } = sort.stage;
    const table = `forkfold_${randomUUID().replaceAll('-', '')}`;
    const query = nestedQuery(await this.#sqlStages(sort));
    const nothing = { ranges: [], tasksOf: () => [] };
    this.#sorts.set(number, { table, planned: nothing });
    await this.#explained(() => session.client.command(cacheTable(table, query), queryOptions));
    const outputs = new Map<number, MapOutput>();
    for await (const { first, value } of this.#values(
      `SELECT p, s, d FROM ${table} WHERE p < 0 SORT BY s`,
      ROW.runs,
    )) {
      outputs.set(first, decodeRuns(value));
    }
    const inputs = layout.stages.flatMap(({ shipped }) => shipped.inputs);
    const planned = planRanges({ stage: number, outputs }, { cut, inputs, lanes: layout.lanes });
    this.#sorts.set(number, { table, planned });
  }

  /** A stage and all that it needs, whose run's file is brought to the executors. */
  async #sqlStages({ stage }: StageLayout): Promise<SqlStage[]> {
    const { session, node, leash, queryOptions } = this.#parts;
    const data = this.#pack();
    const run = fileName('run', data, session.client.sessionId, '.bin');
    const files = [this.#start, this.#loader, this.#runner, { name: run, data }];
    await session.send(files, queryOptions.signal);
    const stages = this.#parts.layout.stages.slice(0, stage.number + 1);
    return stages.map((layout): SqlStage => {
      const args = [layout.stage.number, process.versions.node];
      const [start, loader, runner] = [this.#start.name, this.#loader.name, this.#runner.name];
      const command = runnerCommand({ node, start, loader, runner, run, leash, args });
      return { command, ...this.#sqlOf(layout) };
    });
  }

  #sqlOf({ stage, tasks }: StageLayout): Omit<SqlStage, 'command'> {
    const { lanes, processes } = this.#parts.layout;
    const inputs = stagesReadBy(stage).map((from) => {
      const sorted = this.#sorts.get(from);
      return {
        stage: from,
        lanes,
        ...(sorted && { sorted: { table: sorted.table, ranges: sorted.planned.ranges } }),
      };
    });
    const count = tasks.length;
    const texts = this.#parts.texts
      .filter((text) => text.stage === stage.number)
      .map(({ paths, branch }): SqlText => {
        const order = packOrder({ stage: stage.number, bucket: branch, task: 0, piece: 0 });
        return { paths, order, step: TASK_STEP };
      });
    const hasTasks = count > 0 || inputs.length + texts.length === 0;
    return { inputs, texts, ...(hasTasks && { tasks: { count, processes } }) };
  }

  /** The file of the run as far as it is known. */
  #pack(): Buffer {
    const { layout, settings } = this.#parts;
    const tasks: TaskMessage[][] = [];
    const stages = layout.stages.map(({ stage, tasks: own, shipped }) => {
      const all = [...own];
      tasks.push(all);
      const inputs = shipped.inputs.map((input): ShippedInput => {
        const sorted = this.#sorts.get(input.from);
        if (sorted === undefined) return input;
        const begin = all.length;
        all.push(...sorted.planned.tasksOf(stage, input));
        return { ...input, tasks: begin };
      });
      return { ...shipped, inputs };
    });
    return packRun({ description: this.#description, env: settings.env ?? {}, stages }, tasks);
  }

  #values(query: string, kind: number): AsyncGenerator<StageResult, void, undefined> {
    return wholeValues(this.#rows(query), kind, this.tallies.add);
  }

  async *#rows(query: string): AsyncGenerator<SparkRow, void, undefined> {
    const { session, queryOptions } = this.#parts;
    try {
      yield* session.client.query(query, queryOptions);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async #explained<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    return explain(error, { name: this.#runner.name, places: this.#parts.bundle.places });
  }
}

function isSort({ stage: { wire } }: StageLayout): boolean {
  return wire.sink.kind === 'shuffle' && wire.sink.shuffle.kind === 'sort';
}

function describe({ plan }: CutPlan, settings: Settings, parts: string): RunDescription {
  const limits = { memory: shuffleMemory(settings), maxSkipped: maxSkipped(settings) };
  // An executor has a directory of its own for what does not fit in memory.
  return { plan, limits, place: { directory: '', filePrefix: '', isDurable: false, parts } };
}
