import type { Summary } from './verdict.js';

/** The summary of what two summaries are of. */
export function merged(a: Summary, b: Summary): Summary {
  return {
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    count: a.count + b.count,
  };
}
