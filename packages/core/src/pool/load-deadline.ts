import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import type { RunDescription, TaskReply } from '../protocol/messages.js';

/** The answer in place of a child that has not loaded the jobs of a run in time, and was killed for it. */
export function neverLoaded(run: string, deadline: number): TaskReply {
  const { calls } = deserialize(readFileSync(run)) as RunDescription;
  const modules = [...new Set(calls.map(({ module }) => module))].join(', ');
  const message =
    `${modules} did not finish loading within ${deadline / 1000} s in the child process: does its top level ` +
    'await what never settles, or loop for ever?';
  const failure = { kind: 'job', message, position: {}, path: '' } as const;
  return { ok: false, failure, rss: 0, disk: { written: 0, peak: 0, kept: 0 } };
}
