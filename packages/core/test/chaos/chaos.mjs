/**
 * Random rounds: a random plan over random options, disturbed from outside by kills, stops, aborts, full and slow disks
 * and children without memory. Every round ends with the right result or the right error, and leaves nothing.
 */
import assert from 'node:assert/strict';
import { ForkfoldError, SourceError, WorkerCrashError } from '@forkfold/core';
import {
  expectedOf,
  isAlive,
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
import { plans } from './plans.job.mjs';

// 'large' moves megabytes: it is for the matrix.
const names = Object.keys(plans).filter((name) => name !== 'large');
const disturbances = [
  'kills',
  'stops',
  'kills',
  'abort',
  'full disk',
  'kills',
  'slow disk',
  'out of memory',
  'none',
];
const totals = { rounds: 0, right: 0, errors: 0, kills: 0, stops: 0, aborts: 0, longest: 0 };
const handles = () =>
  process.getActiveResourcesInfo().filter((name) => !/^(Timeout|Immediate|TTYWrap|PipeWrap)$/.test(name));

console.log(`chaos, seed ${seed}: ${rounds} rounds`);
const before = handles().length;
for (let round = 0; round < rounds; round += 1) {
  const random = randomOf(seed + round);
  const [name, disturbance] = [pick(random, names), pick(random, disturbances)];
  const count = Math.floor(random() * 20_000);
  const chunks = {
    chunkSize: 1 + Math.floor(random() ** 2 * 4000),
    partitions: 1 + Math.floor(random() * 8),
  };
  chunks.chunkSize = Math.max(chunks.chunkSize, Math.ceil(count / 200));
  const processes = 1 + Math.floor(random() * 3);
  const spills = random() < 0.5 || disturbance.endsWith('disk');
  const label = `round ${round} (--seed ${seed + round} --rounds 1): ${name} of ${count}, ${disturbance}, ${processes} children`;
  if (spills) chunks.shuffleMemory = 30_000;
  const expected = await expectedOf(name, count, { ...chunks, ...(spills && { timeout: 86_400_000 }) });

  const place = makeRound();
  const chaos = {
    pids: place.pids,
    ...(disturbance === 'full disk' && { disk: { room: Math.floor(random() * 300_000) } }),
    ...(disturbance === 'slow disk' && { disk: { slow: 5 } }),
    ...(disturbance === 'out of memory' && {
      moment: pick(random, ['mapping', 'reducing']),
      way: 'out of memory',
      once: place.marker,
    }),
  };
  const controller = new AbortController();
  const reason = { label };
  let isOver = false;
  const disturb = async () => {
    const strikes = 1 + Math.floor(random() * 8);
    for (let strike = 0; strike < strikes && !isOver; strike += 1) {
      while (!isOver && !place.childPids().some(isAlive)) await sleep(2);
      await sleep(random() * 60);
      const alive = place.childPids().filter(isAlive);
      const victim = alive.length === 0 || isOver ? undefined : pick(random, alive);
      if (disturbance === 'abort' && !isOver) {
        totals.aborts += 1;
        controller.abort(reason);
        return;
      }
      if (victim === undefined) continue;
      try {
        if (disturbance === 'kills') process.kill(victim, pick(random, ['SIGKILL', 'SIGTERM', 'SIGABRT']));
        if (disturbance === 'kills') totals.kills += 1;
        if (disturbance === 'stops') {
          totals.stops += 1;
          process.kill(victim, 'SIGSTOP');
          await sleep(200);
          process.kill(victim, 'SIGCONT');
        }
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
  };
  const disturbing = disturb();
  const run = planOf(name, count).run({
    ...chunks,
    processes,
    memoryLimit: 96,
    retries: 50,
    signal: controller.signal,
    tmpDir: place.tmp,
    execArgv: ['--import', preload],
    env: { CHAOS: JSON.stringify(chaos) },
  });
  const { result, error, ms } = await settle(run, label);
  isOver = true;
  await disturbing;

  totals.rounds += 1;
  totals.longest = Math.max(totals.longest, ms);
  if (error === undefined) {
    assert.deepEqual(result, expected, `${label}: records were lost, doubled or changed`);
    totals.right += 1;
  } else {
    if (error === reason) assert.equal(disturbance, 'abort', label);
    else {
      assert.ok(error instanceof ForkfoldError, `${label}: ${error?.stack ?? error}`);
      if (disturbance === 'full disk')
        assert.ok(
          error instanceof SourceError && /No space left/.test(error.message),
          `${label}: ${error.stack}`,
        );
      else assert.ok(error instanceof WorkerCrashError && disturbance !== 'none', `${label}: ${error.stack}`);
    }
    totals.errors += 1;
  }
  await place.end(label);
}
// A child that was killed before it had begun is not known by its pid: it may be gone a moment later.
for (let tries = 0; tries < 100 && handles().length > before; tries += 1) await sleep(50);
assert.ok(handles().length <= before, `handles were left: ${handles().join(', ')}`);
console.log(
  `survived ${totals.rounds} rounds: ${totals.right} right results, ${totals.errors} right errors; ${totals.kills} kills, ` +
    `${totals.stops} stops, ${totals.aborts} aborts; records lost 0, doubled 0; orphans 0, files left 0, handles left 0; ` +
    `longest time to settle ${Math.round(totals.longest)} ms`,
);
