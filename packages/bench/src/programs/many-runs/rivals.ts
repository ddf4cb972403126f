/** One call at a time on a warm pool of two, by the name of the pool. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { FixedThreadPool } from 'poolifier';
import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';
import { timedWarm } from '../../measure/report.js';

interface PoolUnderTest {
  run(n: number): PromiseLike<unknown>;
  close(): PromiseLike<unknown>;
}

const script = (name: string): URL => new URL(`./${name}.js`, import.meta.url);
const filename = script('double').href;

const pools: Record<string, () => PoolUnderTest> = {
  workerpool() {
    const forkOpts = { serialization: 'advanced' } as const;
    const path = fileURLToPath(script('workerpool-child'));
    const pool = workerpool.pool(path, { workerType: 'process', maxWorkers: 2, forkOpts });
    return { run: (n) => pool.exec('double', [n]), close: async () => pool.terminate() };
  },
  tinypool() {
    const serialization = 'advanced';
    const runtime = 'child_process';
    const pool = new Tinypool({ filename, runtime, serialization, minThreads: 2, maxThreads: 2 });
    return { run: (n) => pool.run(n), close: () => pool.destroy() };
  },
  piscina() {
    const pool = new Piscina({ filename, minThreads: 2, maxThreads: 2 });
    return { run: (n) => pool.run(n), close: () => pool.close() };
  },
  poolifier() {
    const pool = new FixedThreadPool<number, number>(2, fileURLToPath(script('poolifier-thread')));
    return { run: (n) => pool.execute(n), close: () => pool.destroy() };
  },
};

// Idle threads of poolifier keep no program alive, not even while it waits for one of them.
const alive = setInterval(() => undefined, 1000);
const pool = pools[process.argv[2]!]!();
await timedWarm({ warmUp: 200, measured: 500 }, () => pool.run(20), String);
await pool.close();
clearInterval(alive);
