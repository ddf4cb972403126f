import { count, histogram, max, mean, min, sum, toSet, variance } from './aggregators.js';
import { topN } from './top-n.js';

/** The ready-made aggregators by the names under which they travel. */
export const aggregators = { sum, count, min, max, mean, variance, toSet, topN, histogram } as const;
