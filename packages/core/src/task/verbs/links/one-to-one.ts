import { isThenable } from '../../../values/thenable.js';
import type { Link } from './link.js';

export const map: Link<'map'> =
  (_, { next, fn, blame, step }) =>
  (record) => {
    blame.step = step;
    next(fn(record));
  };

export const filter: Link<'filter'> =
  (_, { next, fn, blame, step }) =>
  (record) => {
    blame.step = step;
    const kept = fn(record);
    if (isThenable(kept)) throw new TypeError('filter does not wait for a promise: use mapAsync first');
    if (kept) next(record);
  };

export const sample: Link<'sample'> = ({ fraction, seed: given }, { next, seed }) => {
  // mulberry32, seeded by the chunk's number, so that a retry takes the same records.
  let state = (given ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0;
  return (record) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    if (((t ^ (t >>> 14)) >>> 0) / 2 ** 32 < fraction) next(record);
  };
};
