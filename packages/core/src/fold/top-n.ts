import { preview } from '../values/preview.js';
import type { Aggregator } from './aggregator.js';
import { readyMade } from './ready-made.js';
import { aFunction, checkArgument, positiveInteger } from '../checks/check-arguments.js';

/** What records are ranked by. NaN, `undefined` and `null` rank below all others. */
export type Rank = number | bigint | string | null | undefined;

/** The accumulator of `topN`. */
export interface RankedRecords<T> {
  /** Records with what `by` gave for them. */
  ranked: (readonly [rank: Rank, record: T])[];
  /** Whether the first `n` are the largest of all so far, in order. */
  isTrimmed: boolean;
}

/**
 * The `n` records for which `by` is largest, largest first; equal ones in input order. Numbers and bigints compare by
 * value, strings by UTF-16 code units; strings rank above numbers, and NaN, `undefined` and `null`, as equals, below them.
 * Any other rank is a `TypeError`. `by` is called once for each record.
 *
 * @throws OptionError unless `n` is an integer of at least 1.
 * @example
 * const rows = from([{ age: 31, city: 'Bonn' }, { age: 4, city: 'Hull' }, { age: 70, city: 'Bonn' }]);
 * await rows.aggregate(topN(2, (row) => row.age)).run(); // -> [ { age: 70, city: 'Bonn' }, { age: 31, city: 'Bonn' } ]
 */
export function topN<T>(n: number, by: (record: T) => Rank): Aggregator<T, RankedRecords<T>, T[]> {
  checkArgument('n', n, positiveInteger);
  checkArgument('by', by, aFunction);
  const trim = (ranked: RankedRecords<T>['ranked']): RankedRecords<T> => {
    ranked.sort(([a], [b]) => descending(a, b)).splice(n);
    return { ranked, isTrimmed: ranked.length === n };
  };
  return readyMade(
    'topN',
    {
      zero: () => ({ ranked: [], isTrimmed: false }),
      add(top: RankedRecords<T>, record: T) {
        const { ranked } = top;
        const rank = checkRank(by(record));
        if (top.isTrimmed && descending(rank, ranked[n - 1]![0]) >= 0) return top;
        ranked.push([rank, record]);
        // Trimmed now and then: the cost of sorting is spread over many records.
        return ranked.length >= 2 * n + 1000 ? trim(ranked) : top;
      },
      merge: (left: RankedRecords<T>, right: RankedRecords<T>) => trim([...left.ranked, ...right.ranked]),
      finish: ({ ranked }: RankedRecords<T>) => trim(ranked).ranked.map(([, record]) => record),
    },
    [n, by],
  );
}

function checkRank(rank: unknown): Rank {
  switch (typeof rank) {
    case 'number':
    case 'bigint':
    case 'string':
    case 'undefined':
      return rank;
    default:
      if (rank === null) return rank;
      throw new TypeError(
        `a rank is a number, a bigint or a string, or null or undefined to come last; "by" gave ${preview(rank, 80)}`,
      );
  }
}

/** A total order, so that it does not matter which records meet in a chunk; `sort` keeps equal ones as they are. */
function descending(a: Rank, b: Rank): number {
  const difference = classOf(b) - classOf(a);
  if (difference !== 0) return difference;
  return a! > b! ? -1 : a! < b! ? 1 : 0;
}

/** Ranks of one class compare by `<`. */
function classOf(rank: Rank): number {
  if (typeof rank === 'string') return 2;
  return rank === null || rank === undefined || Number.isNaN(rank) ? 0 : 1;
}
