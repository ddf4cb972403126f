import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ends a run on Ctrl-C or SIGTERM: children are stopped, its temporary files are removed, and the process exits with 128 plus
 * the signal's number. A program with a listener of its own decides for itself.
 */
export function interruptible(cancel: AbortController, discard: () => void): { end(): void } {
  let caught: (typeof signals)[number] | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (signals.some((name) => name === signal && process.listenerCount(name) > 1 && caught === undefined)) {
      const others = process.listeners(signal).filter((other) => !ours.has(other));
      if (others.length > 0) return;
    }
    if (caught !== undefined) process.exit(128 + constants.signals[signal]);
    caught = signal as (typeof signals)[number];
    cancel.abort(new Error(`Interrupted by ${signal}`));
  };
  ours.add(listener);
  for (const signal of signals) process.on(signal, listener);
  process.on('exit', discard);
  return {
    end() {
      for (const signal of signals) process.off(signal, listener);
      process.off('exit', discard);
      ours.delete(listener);
      if (caught !== undefined) process.exit(128 + constants.signals[caught]);
    },
  };
}

const ours = new Set<unknown>();
