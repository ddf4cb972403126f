import { constants } from 'node:os';
import { atExit } from '../disk/shared-listeners.js';

/** Ctrl-C, a polite kill, and a terminal that was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const running = new Set<AbortController>();
/** The signal that ends this process as soon as a run has cleaned up after itself. */
let caught: NodeJS.Signals | undefined;

/**
 * Ends a run on one of the signals: children are stopped, its temporary files are removed, and the process exits with 128
 * plus the signal's number; a second signal ends it at once. A program with a listener of its own decides for itself.
 */
export function interruptible(cancel: AbortController, discard: () => void): { end(): void } {
  const forget = atExit(discard);
  if (running.size === 0) for (const signal of signals) process.on(signal, interrupt);
  running.add(cancel);
  if (caught !== undefined) cancel.abort(interruption(caught));
  return {
    end() {
      forget();
      running.delete(cancel);
      if (running.size === 0) for (const signal of signals) process.off(signal, interrupt);
      if (caught !== undefined) exit(caught);
    },
  };
}

function interrupt(signal: NodeJS.Signals): void {
  if (caught !== undefined) exit(signal);
  if (process.listeners(signal).some((listener) => listener !== interrupt)) return;
  caught = signal;
  for (const cancel of running) cancel.abort(interruption(signal));
}

function interruption(signal: NodeJS.Signals): Error {
  return new Error(`Interrupted by ${signal}`);
}

function exit(signal: NodeJS.Signals): never {
  process.exit(128 + constants.signals[signal]);
}
