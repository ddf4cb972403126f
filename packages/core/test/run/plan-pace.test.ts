import { describe, expect, it } from '@jest/globals';
import { checkOptions } from '../../src/options/check-options.js';
import type { Settings } from '../../src/options/settings.js';
import type { WireJobArgument } from '../../src/plan/compiled-plan.js';
import { Paces } from '../../src/pool/paces.js';
import type { CutPlan } from '../../src/run/cut-plan.js';
import { planPace } from '../../src/run/plan-pace.js';
import { encode } from '../../src/values/codec.js';

/** A plan of two stages that calls a job with these arguments. */
const calling = (...given: readonly WireJobArgument[]): CutPlan =>
  ({
    plan: { calls: [{ module: 'file:///jobs.js', number: 0, arguments: given }], functions: [], stages: [] },
    stages: [{ count: 3 }, { count: 3 }],
  }) as unknown as CutPlan;

const onPool = (paces: Paces, settings: Partial<Settings> = {}): Settings => ({
  ...checkOptions({}),
  ...settings,
  pool: { paces } as unknown as NonNullable<Settings['pool']>,
});

describe('the pace of a plan', () => {
  it('is that of other values and of large ones, and not of other functions', () => {
    const settings = onPool(new Paces());
    const pace = planPace(calling({ value: encode('a', 'argument') }), settings);
    expect(pace).toBeInstanceOf(Map);
    const large = Array.from({ length: 20_000 }, (_, i) => `text ${i}`);
    expect(planPace(calling({ value: encode(large, 'argument') }), settings)).toBe(pace);
    expect(planPace(calling({ value: Uint8Array.of(1) }), settings)).toBe(pace);
    expect(planPace(calling({ dataset: true }), settings)).not.toBe(pace);
  });

  it('is not asked for where an option speaks of chunks or of records, or there is one chunk', () => {
    const plan = calling();
    expect(planPace(plan, onPool(new Paces()))).toBeInstanceOf(Map);
    for (const given of [{ retries: 0 }, { onError: 'skip' }, { timeout: 9 }, { chunkSize: 1 }] as const) {
      expect(planPace(plan, onPool(new Paces(), given))).toBeUndefined();
    }
    expect(planPace({ ...plan, stages: [{ count: 1 }] } as unknown as CutPlan, onPool(new Paces()))).toBeUndefined(); // prettier-ignore
  });
});
