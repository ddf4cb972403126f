import { loadedReply, now, type Books, type TaskMessage } from '@forkfold/core/engine';
import { EngineError } from '../engine-error.js';
import type { ProcessTally, Tally } from '../ship/tally.js';
import { stagesReadBy, type StageLayout } from './lay-out.js';

/** What the processes of a run say that they have done: whether all is there, and what a report tells. */
export class Tallies {
  /** By stage, and by the first chunk of a process: a stage that Spark computed twice says the same twice. */
  readonly #known = new Map<string, Tally>();

  readonly add = (tally: Tally): void => {
    this.#known.set(`${tally.stage} ${tally.tasks[0]!.first}`, tally);
  };

  /** @throws EngineError where something got lost on the way that Spark takes for complete. */
  check(stages: readonly StageLayout[]): void {
    for (const { stage, tasks } of stages) {
      const own = this.#of(stage.number);
      const answered = new Set(own.flatMap((tally) => tally.tasks.map(({ first }) => first)));
      const lost = tasks.find(({ chunks: [first] }) => !answered.has(first!.number));
      if (lost !== undefined) {
        throw new EngineError(`Task ${lost.name} has given no answer, and Spark reports success`);
      }
      for (const from of stagesReadBy(stage)) {
        const { sink } = stages[from]!.stage.wire;
        if (sink.kind !== 'shuffle' || sink.shuffle.kind === 'sort') continue;
        const given = this.#of(from).reduce((sum, { segmentsOut }) => sum + segmentsOut, 0);
        const taken = own.reduce((sum, { segmentsIn }) => sum + (segmentsIn[from] ?? 0), 0);
        if (given === taken) continue;
        throw new EngineError(
          `Stage ${from} gave ${given} segments, and stage ${stage.number} has read ${taken} of them`,
        );
      }
    }
  }

  /** Tells those who keep the books. @throws TaskError or SourceError when more records were left out than may be. */
  tell({ observer, skips, counts }: Books, stages: readonly StageLayout[], processes: number): void {
    for (const { stage, tasks: given } of stages) {
      const { number, wire, count } = stage;
      const byFirst = new Map(given.map((task) => [task.chunks[0]!.number, task]));
      observer.stage({ number, stages: stages.length, stage: wire, chunks: count, processes });
      for (const { tasks, skipped, counters, own } of this.#of(number)) {
        counts.addAll(counters);
        skips.add(skipped);
        const chunks = tasks.flatMap(({ first }) => byFirst.get(first)?.chunks ?? []);
        tellProcess(observer, { stage: number, chunks }, own);
        for (const { chunks: size, records, emitted } of tasks) {
          const result = { value: new Uint8Array(), chunks: size, records, emitted, seconds: 0, skipped };
          observer.task({ result, skipped: skips.count });
        }
      }
    }
  }

  #of(stage: number): Tally[] {
    return [...this.#known.values()]
      .filter((tally) => tally.stage === stage)
      .sort((a, b) => a.tasks[0]!.first - b.tasks[0]!.first);
  }
}

/** What a process used is told as what an attempt did: all of its tasks are one of Spark's. */
function tellProcess(
  observer: Books['observer'],
  work: Pick<TaskMessage, 'stage' | 'chunks'>,
  own: ProcessTally | undefined,
): void {
  const { rss = 0, written = 0 } = own ?? {};
  const attempt = { task: { run: '', name: '', ...work }, slot: 0, started: now() };
  const reply = { ...loadedReply, rss, disk: { written, peak: written, kept: 0 } };
  observer.attempt(attempt);
  observer.attempt({ ...attempt, ended: attempt.started, outcome: { kind: 'reply', reply } });
}
