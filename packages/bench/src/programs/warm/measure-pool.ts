import { timedWarm } from '../../measure/report.js';
import { itemsOf, verdict } from './items.js';

/** A pool as its user sees it: moves a list of items to the children and back. */
export interface PoolUnderTest {
  map(items: readonly unknown[]): Promise<readonly unknown[]>;
  close(): PromiseLike<unknown>;
}

/** Moves a list to a warm pool and back, some times. */
export async function measurePool(kind: string, count: number, open: () => PoolUnderTest): Promise<void> {
  const items = itemsOf(kind, count);
  const pool = open();
  await timedWarm({ warmUp: 3, measured: 7 }, () => pool.map(items), verdict);
  await pool.close();
}
