const never = new Int32Array(new SharedArrayBuffer(4));

/** Has the thread sleep for a ms, for a descriptor that is not ready. */
export function pauseThread(): void {
  Atomics.wait(never, 0, 0, 1);
}
