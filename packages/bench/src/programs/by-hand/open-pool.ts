import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { FixedThreadPool } from 'poolifier';
import { Tinypool } from 'tinypool';
import workerpool from 'workerpool';

/** A pool as its user sees it: processes where the pool is made for them, else threads. */
export interface Pool<Task, Part> {
  run(task: Task): PromiseLike<Part>;
  close(): PromiseLike<unknown>;
}

/**
 * Opens a pool by its name, whose workers call the default export of a module.
 *
 * @param filename The URL of the module.
 */
export function openPool<Task, Part>(name: string, filename: string, size: number): Pool<Task, Part> {
  const sizes = { minThreads: size, maxThreads: size };
  const script = (file: string): string => fileURLToPath(new URL(`./${file}.js`, import.meta.url));
  switch (name) {
    case 'workerpool': {
      const pool = workerpool.pool(script('workerpool-child'), {
        workerType: 'process',
        maxWorkers: size,
        forkArgs: [filename],
        forkOpts: { serialization: 'advanced' },
      });
      return {
        run: (task) => pool.exec('work', [task]),
        close: async () => pool.terminate(),
      };
    }
    case 'tinypool': {
      const pool = new Tinypool({
        filename,
        runtime: 'child_process',
        serialization: 'advanced',
        ...sizes,
      });
      return { run: (task) => pool.run(task) as Promise<Part>, close: () => pool.destroy() };
    }
    case 'piscina': {
      const pool = new Piscina({ filename, ...sizes });
      return { run: (task) => pool.run(task) as Promise<Part>, close: () => pool.close() };
    }
    case 'poolifier': {
      let left = size;
      let allEnded = (): void => undefined;
      const ended = new Promise<void>((resolve) => (allEnded = resolve));
      const pool = new FixedThreadPool<Task, Part>(size, script('poolifier-thread'), {
        workerOptions: { workerData: filename },
        exitHandler: () => {
          if ((left -= 1) === 0) allEnded();
        },
      });
      // The idle threads of the pool keep no program alive, not even while it waits for one of them.
      const alive = setInterval(() => undefined, 1000);
      return {
        run: (task) => pool.execute(task),
        async close() {
          // A thread may end before it has said that it does, and would be waited for.
          await Promise.race([pool.destroy(), ended]);
          clearInterval(alive);
        },
      };
    }
    default:
      throw new Error(`No such pool: ${name}`);
  }
}
