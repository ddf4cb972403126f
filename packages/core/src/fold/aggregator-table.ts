import { count, max, mean, min, stddev, sum, toSet, variance } from './aggregators.js';
import { field } from './by-field.js';
import { named } from './by-name.js';
import { countDistinct } from './count-distinct.js';
import { fieldsThere } from './fields-there.js';
import { firstN } from './first-n.js';
import { histogram } from './histogram.js';
import { collect, first, last, mode } from './picked.js';
import { quantile } from './quantile.js';
import { topN } from './top-n.js';

/** The ready-made aggregators by the names under which they travel. */
export const aggregators = {
  sum,
  count,
  min,
  max,
  mean,
  variance,
  stddev,
  toSet,
  topN,
  histogram,
  quantile,
  countDistinct,
  first,
  last,
  mode,
  collect,
  firstN,
  named,
  field,
  fieldsThere,
} as const;
