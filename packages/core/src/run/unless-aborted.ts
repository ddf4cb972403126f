import type { CancelSignal } from '../cancellation.js';

/**
 * What a promise gives, or the reason of an abort, at once.
 *
 * @param onLate Is given what comes after an abort, when nobody waits for it any more.
 */
export async function unlessAborted<T>(
  promise: PromiseLike<T>,
  signal: CancelSignal,
  onLate: (late: T) => unknown = () => undefined,
): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      const reason = signal.reason as Error;
      reject(reason);
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } catch (error) {
    if (signal.aborted) promise.then(onLate, () => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
