/** What the programs of this folder share: runs under disturbance, and what must hold afterwards. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { from, range } from '@forkfold/core';
import { plans } from './plans.job.mjs';

export const preload = new URL('./preload.mjs', import.meta.url).href;
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, short: { type: 'boolean' } },
});
export const isShort = values.short === true;
export const rounds = Number(values.rounds ?? (isShort ? 12 : 300));
export const seed = Number(values.seed ?? Date.now() % 1_000_000);

/** Random numbers in [0, 1) that a seed fixes (mulberry32). */
export function randomOf(from) {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = (random, choices) => choices[Math.floor(random() * choices.length)];

/** A plan by name over `count` records. Its result is fixed, so the sequential run of the same plan is the oracle. */
export function planOf(name, count) {
  if (name === 'large') return plans.large(from(Array.from({ length: 4 }, (_, n) => `${n}`.repeat(2 ** 20))));
  return plans[name](range(count), range(0, count, 3));
}

const oracles = new Map();

export async function expectedOf(name, count, options) {
  const key = JSON.stringify([name, count, options]);
  if (!oracles.has(key)) oracles.set(key, await planOf(name, count).run({ ...options, processes: 0 }));
  return oracles.get(key);
}

/** A directory for one round, with a folder for temporary files and one where children leave their pids. */
export function makeRound() {
  const directory = mkdtempSync(join(tmpdir(), 'chaos-'));
  const [tmp, pids] = ['tmp', 'pids'].map((name) => join(directory, name));
  mkdirSync(tmp);
  mkdirSync(pids);
  const childPids = () => readdirSync(pids).map(Number);
  return {
    tmp,
    pids,
    marker: join(directory, 'marker'),
    childPids,
    /** Nothing may be left: no process within five seconds, no file. */
    async end(label) {
      const deadline = performance.now() + 5000;
      while (childPids().some(isAlive) && performance.now() < deadline) await sleep(20);
      const orphans = childPids().filter(isAlive).length;
      const files = readdirSync(tmp);
      for (const pid of childPids()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      rmSync(directory, { recursive: true, force: true });
      assert.equal(orphans, 0, `${label}: ${orphans} children were left`);
      assert.deepEqual(files, [], `${label}: files were left`);
    },
  };
}

export function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The result or the error of a run, and an error of our own if it does not settle. */
export async function settle(run, label, limit = 120_000) {
  let timer;
  const started = performance.now();
  const hung = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${label}: hangs` })), limit);
  });
  const settled = run.then(
    (result) => ({ result }),
    (error) => ({ error }),
  );
  const ended = await Promise.race([settled, hung]).finally(() => clearTimeout(timer));
  return { ...ended, ms: performance.now() - started };
}
