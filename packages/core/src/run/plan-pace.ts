import { isWatched, type Settings } from '../options/settings.js';
import type { PlanPace } from '../pool/paces.js';
import type { CutPlan } from './cut-plan.js';
import { speaksOfChunks, speaksOfSize } from './tasks.js';

/** Longer plans are not remembered. */
const MOST_TEXT = 16_384;

/**
 * How long the records of a plan's stages took when its pool ran it last; undefined where a run may not be in tasks of whole
 * stages: where an option speaks of single chunks or of records that are left out, and where somebody watches.
 */
export function planPace({ plan, stages }: CutPlan, settings: Settings): PlanPace | undefined {
  // One chunk is one task, whatever its pace.
  if (stages.length === 1 && stages[0]!.count === 1) return undefined;
  const { pool, onError, retries, inspect, profile } = settings;
  if (pool?.paces === undefined || onError !== 'fail' || retries === 0) return undefined;
  if (inspect === true || profile !== undefined || isWatched(settings)) return undefined;
  if (speaksOfChunks(settings) || speaksOfSize(settings)) return undefined;
  const text = JSON.stringify(plan, withoutValues);
  return text.length > MOST_TEXT ? undefined : pool.paces.of(text);
}

/** Leaves out what a plan was given besides functions: a server's requests differ in that. */
function withoutValues(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  // They are left out before their turn comes, since a `Buffer` would make a long list of itself.
  for (const one of Object.values(value)) if (ArrayBuffer.isView(one)) return withoutViews(value);
  return value;
}

function withoutViews(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !ArrayBuffer.isView(one)));
}
