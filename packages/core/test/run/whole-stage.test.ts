import { describe, expect, it } from '@jest/globals';
import { nodeIn, type Dataset } from '../../src/api/dataset.js';
import { from, range } from '../../src/api/from.js';
import { checkOptions } from '../../src/options/check-options.js';
import { compile } from '../../src/plan/compile.js';
import { refer, type PlanFunction } from '../../src/plan/function-ref.js';
import type { Sink } from '../../src/plan/node.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import { cutPlan } from '../../src/run/cut-plan.js';
import { wholeStage } from '../../src/run/whole-stage.js';

type SinkOf = Sink<PlanFunction>;
const collect: SinkOf = { kind: 'collect' };
const sum: SinkOf = { kind: 'reduce', fn: refer('reduce', (a: number, b: number) => a + b) };

/** The whole first stage of a plan whose stages took so many seconds a record. */
async function whole(
  dataset: unknown,
  pace: readonly (number | undefined)[] = [],
  { sink = collect, options = {} } = {},
): Promise<TaskMessage | undefined> {
  const plan = compile(nodeIn(dataset as Dataset<never>), sink);
  const { passes } = await cutPlan(plan, checkOptions({ processes: 2, ...options }));
  const known = pace.flatMap((seconds, stage) => (seconds === undefined ? [] : [[stage, seconds] as const]));
  return wholeStage('run', passes, new Map(known), () => false);
}

const hundred = Array.from({ length: 100 }, (_, i) => `item ${i}`);

describe('the one task of a whole stage', () => {
  it('is there for few records that call nothing of the user, or that were quick before', async () => {
    expect(await whole(from(hundred).countByValue())).toMatchObject({ name: '0-0', budget: 0.02 });
    const mapped = from(hundred).map((text) => text.length);
    expect(await whole(mapped)).toBeUndefined();
    expect((await whole(mapped, [1e-5]))?.chunks).toHaveLength(100);
    expect(await whole(mapped, [1e-3])).toBeUndefined();
  });

  it('is not there for many records, for bytes that travel, or for input of unknown length', async () => {
    expect(await whole(from(Array.from({ length: 5000 }, (_, i) => i)).distinct(), [1e-9])).toBeUndefined();
    expect(await whole(from(hundred.map((one) => one.padEnd(10_000))).distinct())).toBeUndefined();
    expect(await whole(from(() => hundred.values()).distinct(), [1e-9])).toBeUndefined();
    expect(await whole(range(1e6).map((n) => n), [1e-9])).toBeUndefined(); // prettier-ignore
  });

  it('is not there where a run may end early, or where there is nothing', async () => {
    expect(await whole(from(hundred), [], { sink: { kind: 'collect', limit: 3 } })).toBeUndefined();
    expect(await whole(from([]).distinct())).toBeUndefined();
    expect(
      await whole(
        from(['a'])
          .distinct()
          .union(from(['b'])),
      ),
    ).toBeDefined();
    expect(
      await whole(
        from(['a'])
          .union(from(['b']))
          .distinct(),
      ),
    ).toBeUndefined();
  });

  it('is not there where a stage reads a list and what another stage gives', async () => {
    const counted = from(hundred).countByValue();
    const quick = [1e-6, 1e-6, 1e-6];
    const { passes } = await cutPlan(
      compile(nodeIn(from(hundred).map((text) => [text, 1] as [string, number]).union(counted)), collect), // prettier-ignore
      checkOptions({ processes: 2 }),
    );
    const known = new Map(quick.entries());
    expect(passes[1]!.stages[0]!.cuts.map((cut) => cut !== undefined)).toEqual([true, false]);
    expect(wholeStage('run', passes.slice(1), known, () => false)).toBeUndefined();
    expect(wholeStage('run', passes, known, () => false)?.nextStage).toBeUndefined();
  });

  it('is not there for a stage whose records are taken as they come, and goes on with none', async () => {
    const expanded = from(hundred).countByValue().flatMap(([text]) => text.split(' ')); // prettier-ignore
    const { passes } = await cutPlan(compile(nodeIn(expanded), collect), checkOptions({ processes: 2 }));
    const known = new Map([1e-6, 1e-6].entries());
    expect(wholeStage('run', passes, known, () => false)?.nextStage).toBeDefined();
    const paused = wholeStage('run', passes, known, ({ isLast }) => isLast);
    expect(paused).toBeDefined();
    expect(paused?.nextStage).toBeUndefined();
    expect(wholeStage('run', passes, known, () => true)).toBeUndefined();
  });

  it('ends early where that leaves the answer as it is', async () => {
    expect((await whole(from(hundred).countByValue()))?.extents).toBeUndefined();
    const pairs = from(Array.from({ length: 300 }, (_, i) => [i % 7, i] as [number, number]));
    // Sums may round by where they are cut: four chunks are combined, then the next four.
    const combined = await whole(pairs.reduceByKey((a, b) => a + b), [1e-6]); // prettier-ignore
    expect(combined).toMatchObject({ budget: 0.02, extents: Array.from({ length: 75 }, () => 4) });
    // A fold follows the run's tree.
    const folded = await whole(from([1, 2, 3, 4, 5]), [1e-6], { sink: sum });
    expect(folded).toMatchObject({ budget: 0.02, extents: [1, 1, 2, 1] });
    const single = await whole(from([1]), [1e-6], { sink: sum });
    expect(single?.budget).toBeUndefined();
  });

  it('goes on with all stages that it alone gives to', async () => {
    const counted = from(hundred).countByValue();
    expect((await whole(counted))?.nextStage).toEqual({ stage: 1, mostRecords: 3000, budget: 0.02 });
    const sorted = counted.sortBy(([text]) => text);
    // What a function of the user's will take is not known yet.
    expect((await whole(sorted))?.nextStage).toBeUndefined();
    expect((await whole(sorted, [1e-6, 1e-4, 1e-6]))?.nextStage).toMatchObject({
      ...{ stage: 1, mostRecords: 60 },
      nextStage: { stage: 2, mostRecords: 4096 },
    });
    expect((await whole(sorted, [1e-6, 1e-3, 1e-6]))?.nextStage).toMatchObject({ mostRecords: 6 });
    const twice = counted.map(([text, n]) => [text, n] as const).union(counted.map(([text, n]) => [text, -n] as const)); // prettier-ignore
    expect((await whole(twice, [1e-6, 1e-6]))?.nextStage).toBeUndefined();
    const other = from(hundred).map((text) => [text, 1] as const).groupByKey(); // prettier-ignore
    const joined = counted.cogroup(other);
    expect((await whole(joined, [1e-6, 1e-6, 1e-6, 1e-6]))?.nextStage).toBeUndefined();
  });
});
