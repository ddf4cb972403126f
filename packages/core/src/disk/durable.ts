import { constants } from 'node:fs';

const { O_CREAT, O_EXCL, O_WRONLY, O_TRUNC, O_DSYNC } = constants as Partial<typeof constants>;
const write = (O_CREAT ?? 0) | (O_WRONLY ?? 0) | (O_DSYNC ?? 0);

/** Node's permission model denies fsync; then every write is on the disk for good when it returns. Else that is slower. */
export const syncsItself = (process as { permission?: unknown }).permission !== undefined;

/** How a file is written that is on the disk for good when the write returns. */
export const durably = durableAs(O_TRUNC ?? 0, 'w');
/** As `durably`, for a file that is not there yet. */
export const durablyNew = durableAs(O_EXCL ?? 0, 'wx');

/** The types of Node.js do not know that a flag may be a number. */
function durableAs(bits: number, flag: string): { readonly flag: string; readonly flush?: boolean } {
  return syncsItself ? { flag: (write | bits) as unknown as string } : { flag, flush: true };
}
