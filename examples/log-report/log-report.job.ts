import { count, countDistinct, defineJob, quantile, type Aggregator, type Dataset } from '@forkfold/core';

/** A request of an access log. */
export interface Request {
  readonly user: string;
  readonly url: string;
  readonly status: number;
  readonly milliseconds: number;
  /** In milliseconds since 1970. */
  readonly time: number;
}

const LINE = /^\S+ - (\S+) \[([^\]]+)\] "[A-Z]+ (\S+) [^"]*" (\d+) \d+ (\d+)$/;

/** A pause of half an hour ends a session. */
const PAUSE = 30 * 60 * 1000;

/** All of the report, from one scan of the log: an object of aggregators has one pass over the requests. */
export const report = defineJob(import.meta.url, (lines: Dataset<string>) =>
  lines.map(parse).aggregate({
    requests: count,
    users: countDistinct('user'),
    p95: quantile('milliseconds', 0.95),
    failed: count((request: Request) => (request.status >= 500 ? request.status : null)),
    hits: each((request: Request) => request.url, tally),
    slow: each((request: Request) => request.url, quantile('milliseconds', 0.95)),
    sessions: each((request: Request) => request.user, sessions),
  }),
);

function parse(line: string): Request {
  const fields = LINE.exec(line);
  if (fields === null) throw new Error('no line of an access log');
  const [, user = '', time = '', url = '', status, milliseconds] = fields;
  return { user, url, status: Number(status), milliseconds: Number(milliseconds), time: Date.parse(time) };
}

/** Aggregates the records of each key by itself: an aggregator made of another one. Its keys must fit in memory. */
function each<T, A, R>(
  key: (record: T) => string,
  aggregator: Aggregator<T, A, R>,
): Aggregator<T, Map<string, A>, Map<string, R>> {
  const { zero, add, merge, finish } = aggregator;
  return {
    zero: () => new Map<string, A>(),
    add(groups, record) {
      const group = key(record);
      const accumulator = groups.get(group);
      groups.set(group, add(accumulator === undefined ? zero() : accumulator, record));
      return groups;
    },
    merge(left, right) {
      for (const [group, accumulator] of right) {
        const other = left.get(group);
        left.set(group, other === undefined ? accumulator : merge(other, accumulator));
      }
      return left;
    },
    finish: (groups) =>
      new Map([...groups].map(([group, value]) => [group, finish ? finish(value) : (value as never)])),
  };
}

const tally: Aggregator<Request, number> = {
  zero: () => 0,
  add: (total) => total + 1,
  merge: (left, right) => left + right,
};

/** Counts the sessions of a user. Requests come in the order of time, and partial results are merged in that order, too. */
const sessions: Aggregator<Request, { first: number; last: number; count: number }, number> = {
  zero: () => ({ first: Infinity, last: -Infinity, count: 0 }),
  add({ first, last, count }, { time }) {
    return { first: Math.min(first, time), last: time, count: count + (time - last > PAUSE ? 1 : 0) };
  },
  merge(left, right) {
    const goesOn = right.first - left.last <= PAUSE;
    return { first: left.first, last: right.last, count: left.count + right.count - (goesOn ? 1 : 0) };
  },
  finish: ({ count }) => count,
};
