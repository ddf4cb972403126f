import type { Aggregator } from './aggregator.js';
import { readyMade } from './ready-made.js';

/** The first `n` records, in input order. */
export function firstN(n: number): Aggregator<unknown, unknown[]> {
  const aggregator: Aggregator<unknown, unknown[]> = {
    zero: () => [],
    add(list, record) {
      if (list.length < n) list.push(record);
      return list;
    },
    merge(left, right) {
      for (let i = 0; i < right.length && left.length < n; i += 1) left.push(right[i]);
      return left;
    },
  };
  return readyMade('firstN', aggregator, [n]);
}
