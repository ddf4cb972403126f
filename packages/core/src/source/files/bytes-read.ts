/** Bytes of input files that this process has read since it began, as they lie on the disk: how far a task is. */
export const bytesRead = { total: 0 };
