import { timedWarm } from '../../measure/report.js';
import { itemsOf, verdict } from './items.js';

const CHUNKS = 64;

/** A pool as its user sees it: moves a list of items to the children and back. */
export interface PoolUnderTest {
  map(items: readonly unknown[]): Promise<readonly unknown[]>;
  close(): Promise<unknown>;
}

/** Moves the items that the arguments name to a warm pool and back, some times. */
export async function measurePool(open: () => PoolUnderTest): Promise<void> {
  const [, , kind = '', count] = process.argv;
  const items = itemsOf(kind, Number(count));
  const pool = open();
  await timedWarm({ warmUp: 3, measured: 7 }, () => pool.map(items), verdict);
  await pool.close();
}

/** Cuts the items by hand and puts the answers together, for a pool that knows tasks only. */
export function inChunks(run: (chunk: readonly unknown[]) => PromiseLike<unknown>): PoolUnderTest['map'] {
  return async (items) => {
    const size = Math.ceil(items.length / CHUNKS);
    const chunks = Array.from({ length: CHUNKS }, (_, i) => items.slice(i * size, (i + 1) * size));
    return ((await Promise.all(chunks.map(run))) as unknown[][]).flat();
  };
}
