import {
  count,
  countDistinct,
  defineJob,
  quantile,
  sum,
  together,
  type Aggregator,
  type Dataset,
} from '@forkfold/core';

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

/** All of the report, from one scan of the log: its lines are read and parsed once, for all three plans. */
export const report = defineJob(import.meta.url, (lines: Dataset<string>) => {
  const requests = lines.map(parse);
  return together({
    all: requests.aggregate({
      requests: count,
      users: countDistinct('user'),
      p95: quantile('milliseconds', 0.95),
      failed: count((request: Request) => (request.status >= 500 ? request.status : null)),
    }),
    pages: requests
      .groupBy('url')
      .aggregate({ hits: count, p95: quantile('milliseconds', 0.95) })
      .top(5, ([, { hits }]) => hits),
    sessions: requests
      .map(({ user, time }) => [user, time])
      .aggregateByKey(sessions)
      .map(([, ofUser]) => ofUser)
      .aggregate(sum),
  });
});

function parse(line: string): Request {
  const fields = LINE.exec(line);
  if (fields === null) throw new Error('no line of an access log');
  const [, user = '', time = '', url = '', status, milliseconds] = fields;
  return { user, url, status: Number(status), milliseconds: Number(milliseconds), time: Date.parse(time) };
}

/** Counts the sessions of a user. Requests come in the order of time, and partial results are merged in that order, too. */
const sessions: Aggregator<number, { first: number; last: number; count: number }, number> = {
  zero: () => ({ first: Infinity, last: -Infinity, count: 0 }),
  add({ first, last, count }, time) {
    return { first: Math.min(first, time), last: time, count: count + (time - last > PAUSE ? 1 : 0) };
  },
  merge(left, right) {
    const goesOn = right.first - left.last <= PAUSE;
    return { first: left.first, last: right.last, count: left.count + right.count - (goesOn ? 1 : 0) };
  },
  finish: ({ count }) => count,
};
