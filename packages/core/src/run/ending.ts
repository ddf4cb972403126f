import type { ChildDeath } from '../pool/pool.js';

/** How an attempt ended that gave no reply. */
export type Ending = ChildDeath | { readonly kind: 'timeout' };
