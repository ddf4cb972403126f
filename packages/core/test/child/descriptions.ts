import type { CompiledPlan } from '../../src/plan/compiled-plan.js';
import type { RunDescription } from '../../src/protocol/run-description.js';

/** The description of a run that collects nothing, unless its plan says more. */
export function descriptionOf(plan: Partial<CompiledPlan> = {}): RunDescription {
  const place = { directory: '/nowhere', filePrefix: '', isDurable: false, parts: '/nowhere' };
  const branch = { ops: [], tag: 0, from: { source: 'range', reader: 0 } };
  return {
    plan: { calls: [], functions: [], stages: [{ branches: [branch], sink: { kind: 'collect' } }], ...plan },
    limits: { memory: 2 ** 20, maxSkipped: 0 },
    place,
  };
}
