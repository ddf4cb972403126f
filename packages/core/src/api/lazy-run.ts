import { loadedOnce } from '../loaded-once.js';

/** What runs plans, which is loaded with the first of them. */
export const runModule = loadedOnce(() => import('../run/run.js'));
