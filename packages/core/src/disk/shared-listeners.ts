/** Removes what it was returned for. */
export type Remove = () => void;
type Callback<A extends unknown[]> = (...args: A) => void;

/** Adds a callback for the end of the process, however it ends; it must be synchronous. */
export const atExit = sharing<[code: number]>(
  (listener) => process.on('exit', listener),
  (listener) => process.off('exit', listener),
);

const aborts = new WeakMap<AbortSignal, (callback: Callback<[]>) => Remove>();

/** Adds a callback for the abort of a signal, which many runs may be given. */
export function onAbort(signal: AbortSignal, callback: Callback<[]>): Remove {
  const add =
    aborts.get(signal) ??
    sharing<[]>(
      (listener) => signal.addEventListener('abort', listener),
      (listener) => signal.removeEventListener('abort', listener),
    );
  aborts.set(signal, add);
  return add(callback);
}

/**
 * Makes a function that puts callbacks behind one listener, which is there as long as any of them is: each run has some of
 * its own, and Node takes more than ten listeners for a leak, and says so.
 */
function sharing<A extends unknown[]>(
  attach: (listener: Callback<A>) => unknown,
  detach: (listener: Callback<A>) => unknown,
): (callback: Callback<A>) => Remove {
  const callbacks = new Set<Callback<A>>();
  const listener = (...args: A): void => {
    for (const callback of [...callbacks]) callback(...args);
  };
  return (callback) => {
    if (callbacks.size === 0) attach(listener);
    callbacks.add(callback);
    return () => {
      if (callbacks.delete(callback) && callbacks.size === 0) detach(listener);
    };
  };
}
