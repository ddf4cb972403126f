/**
 * The settlement matrix: every way of dying, at every moment, with one child and two, once or always. A run settles with
 * the right result after a retry, or rejects with a WorkerCrashError that names exit code or signal.
 */
import assert from 'node:assert/strict';
import { createPool, range, WorkerCrashError } from '@forkfold/core';
import {
  expectedOf,
  isShort,
  makeRound,
  pick,
  planOf,
  preload,
  randomOf,
  rounds,
  seed,
  settle,
  sleep,
} from './harness.mjs';

const moments = {
  boot: 'reduced',
  idle: 'mapped',
  receiving: 'large',
  mapping: 'mapped',
  sending: 'large',
  writing: 'sorted',
  reducing: 'grouped',
  closing: 'mapped',
};
const ways = [
  'exit 0',
  'exit 3',
  'SIGKILL',
  'SIGTERM',
  'abort',
  'disconnect',
  'late throw',
  'floating rejection',
  'out of memory',
];
const codes = {
  'exit 0': 0,
  'exit 3': 3,
  SIGKILL: 'SIGKILL',
  SIGTERM: 'SIGTERM',
  abort: 'SIGABRT',
  disconnect: 1,
  'late throw': 1,
  'floating rejection': 1,
  'out of memory': 'SIGABRT',
};

let cases = Object.keys(moments).flatMap((moment) =>
  ways.flatMap((way) =>
    [1, 2].flatMap((processes) => [true, false].map((once) => ({ moment, way, processes, once }))),
  ),
);
if (isShort) {
  const random = randomOf(seed);
  cases = Array.from({ length: rounds }, () => pick(random, cases));
}
console.log(`settlement matrix, seed ${seed}: ${cases.length} cases`);

let [right, rejected, longest] = [0, 0, 0];
for (const { moment, way, processes, once } of cases) {
  const label = `${way} while ${moment}, ${processes} children, ${once ? 'once' : 'always'}`;
  const round = makeRound();
  const name = moments[moment];
  const chaos = { pids: round.pids, moment, way, ...(once && { once: round.marker }) };
  const chunks = {
    chunkSize: name === 'large' ? 2 : 500,
    ...(moment === 'writing' && { shuffleMemory: 20_000 }),
  };
  const env = {
    CHAOS: JSON.stringify(chaos),
  };
  const expected = await expectedOf(name, 3000, chunks);
  const pool = createPool({ processes, memoryLimit: 96, execArgv: ['--import', preload], env });
  const options = { ...chunks, pool, tmpDir: round.tmp, retries: once ? 2 : 1 };
  const first = await settle(planOf(name, 3000).run(options), label);
  longest = Math.max(longest, first.ms);
  // Dying while idle or closing is nobody's failure, however often it happens; so is a death that comes after a reply.
  if (once || moment === 'closing') assert.ifError(first.error);
  if (first.error !== undefined) {
    assert.ok(first.error instanceof WorkerCrashError, `${label}: ${first.error.stack}`);
    const { exitCode, signal, message } = first.error;
    assert.equal(signal ?? exitCode, codes[way], `${label}: ${message}`);
    assert.ok(message.includes(`${codes[way]}`), `${label}: ${message}`);
    rejected += 1;
  } else {
    assert.deepEqual(first.result, expected, `${label}: another result`);
    right += 1;
  }
  if (moment === 'idle') {
    await sleep(80);
    const again = await settle(
      range(3).count().run({ pool, tmpDir: round.tmp, retries: 3 }),
      `${label}, then another run`,
    );
    if (once) assert.equal(again.result, 3, `${label}: ${again.error?.stack}`);
  }
  await settle(pool.close(), `${label}, closing`);
  await round.end(label);
}
console.log(
  `settled: ${right} with the right result, ${rejected} with the right error, 0 hung; longest ${Math.round(longest)} ms`,
);
