import { defineJob, type Dataset } from '@forkfold/core';

/** Requests of one user with less than half an hour between them. */
export interface Session {
  readonly user: string;
  readonly requests: number;
  readonly seconds: number;
  readonly device: string;
}

interface Entry {
  readonly time: number;
  readonly detail: string;
}

const GAP = 30 * 60_000;

/** The sessions of every user, each with the device of the last login before its end. */
export const sessions = defineJob(import.meta.url, (requests: Dataset<string>, logins: Dataset<string>) =>
  requests
    .map(parse)
    .cogroup(logins.map(parse))
    .flatMap(([user, [visited, loggedIn]]) => sessionsOf(user, visited, [...loggedIn])),
);

/** How many sessions each device has, and their requests and seconds; ordered by the device's name. */
export const devices = defineJob(import.meta.url, (requests: Dataset<string>, logins: Dataset<string>) =>
  sessions(requests, logins)
    .keyBy(({ device }) => device)
    .aggregateByKey({
      zero: () => ({ sessions: 0, requests: 0, seconds: 0 }),
      add: (total, session) => ({
        sessions: total.sessions + 1,
        requests: total.requests + session.requests,
        seconds: total.seconds + session.seconds,
      }),
      merge: (a, b) => ({
        sessions: a.sessions + b.sessions,
        requests: a.requests + b.requests,
        seconds: a.seconds + b.seconds,
      }),
    })
    .sortBy(([device]) => device),
);

function parse(line: string): [user: string, entry: Entry] {
  const [time = '', user = '', detail = ''] = line.split(' ');
  return [user, { time: Date.parse(time), detail }];
}

// The values of a key come in the order of the input, which is the order of time.
function* sessionsOf(user: string, visited: Iterable<Entry>, loggedIn: readonly Entry[]): Generator<Session> {
  let [first, last, requests] = [0, -Infinity, 0];
  const session = (): Session => {
    const device = loggedIn.findLast(({ time }) => time <= last && time > first - GAP)?.detail ?? 'unknown';
    return { user, requests, seconds: Math.round((last - first) / 1000), device };
  };
  for (const { time } of visited) {
    if (time - last > GAP) {
      if (requests > 0) yield session();
      [first, requests] = [time, 0];
    }
    last = time;
    requests += 1;
  }
  if (requests > 0) yield session();
}
