import type { Link } from './link.js';

/**
 * Calls the verb's function with a generator for each record. A record is known by the index of the source's record that it
 * was made of, and its number among those made of it; where the source does not know indexes, by its chunk, and its number in
 * that. Neither depends on processes or retries.
 */
export const withSeed: Link<'withSeed'> = (op, { next, fn, blame, step, seed: chunk, branch }) => {
  const bySource = mix(op.seed, 2 * branch);
  const byChunk = mix(op.seed, 2 * chunk + 1);
  let [last, nth] = [-1, 0];
  return (record) => {
    const { batch, i } = blame;
    const isIndexed = batch?.first !== undefined;
    const index = isIndexed ? batch.first + i : 0;
    nth = index === last ? nth + 1 : 0;
    last = index;
    const random = isIndexed ? generator(bySource, index, nth) : generator(byChunk, nth, 0);
    blame.step = step;
    next(fn(record, random));
  };
};

/** Rounds after which all bits of the state depend on all of what it was made of (the author of sfc takes 12 to 18). */
const ROUNDS = 15;

/** sfc32 of Chris Doty-Humphrey: a state of 128 bits, one of which is a counter, so that no period is short. */
function generator(key: number, index: number, nth: number): () => number {
  let a = index >>> 0;
  let b = (Math.floor(index / 2 ** 32) ^ Math.imul(nth, 0x9e3779b1)) >>> 0;
  let c = key;
  let counter = 1;
  const word = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum;
  };
  for (let round = 0; round < ROUNDS; round += 1) word();
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;
}

/** 32 bits of a seed, of which 53 may count, and a number (the finalizer of MurmurHash3). */
function mix(seed: number, number: number): number {
  let hash = Math.imul((seed >>> 0) ^ 0x85ebca6b, 0x9e3779b1) ^ Math.floor(seed / 2 ** 32);
  hash = finalized(hash) ^ Math.imul(number + 1, 0xc2b2ae35);
  return finalized(hash) >>> 0;
}

function finalized(given: number): number {
  let hash = given;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
