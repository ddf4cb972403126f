import { constants } from 'node:os';
import { atExit } from '../disk/shared-listeners.js';
import type { Canceller } from '../cancellation.js';
import type { TaskPool } from '../pool/pool.js';

/** Ctrl-C, a polite kill, and a terminal that was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const running = new Set<Canceller>();
/** The signal that ends this process as soon as a run has cleaned up after itself. */
let caught: NodeJS.Signals | undefined;

/**
 * Ends a run on one of the signals: children are stopped, its temporary files are removed, and the process exits with 128
 * plus the signal's number; a second signal ends it at once. A program with a listener of its own decides for itself.
 */
export function interruptible(cancel: Canceller, discard: () => void): { end(): void } {
  const forget = atExit(discard);
  const ignore = listen();
  running.add(cancel);
  if (caught !== undefined) cancel.abort(interruption(caught));
  return {
    end() {
      forget();
      running.delete(cancel);
      ignore();
      if (caught !== undefined) exit(caught);
    },
  };
}

/** A pool whose runs find the signals listened to: to begin and to end that asks the system six times. */
export function listeningPool(pool: TaskPool): TaskPool {
  const ignore = listen();
  const close = async (): Promise<void> => {
    ignore();
    await pool.close();
  };
  return { ...pool, close, [Symbol.asyncDispose]: close };
}

/** Runs and pools that listen. */
const listening = new Set<() => void>();

/** Listens to the signals until what is returned is called. */
function listen(): () => void {
  if (listening.size === 0) for (const signal of signals) process.on(signal, interrupt);
  const ignore = (): void => {
    if (listening.delete(ignore) && listening.size === 0) {
      for (const signal of signals) process.off(signal, interrupt);
    }
  };
  listening.add(ignore);
  return ignore;
}

function interrupt(signal: NodeJS.Signals): void {
  if (caught !== undefined) exit(signal);
  if (process.listeners(signal).some((listener) => listener !== interrupt)) return;
  if (running.size === 0) {
    // Pools alone have nothing to clean up: the signal does what it does where nobody listens.
    for (const ignore of listening) ignore();
    process.kill(process.pid, signal);
    return;
  }
  caught = signal;
  for (const cancel of running) cancel.abort(interruption(signal));
}

function interruption(signal: NodeJS.Signals): Error {
  return new Error(`Interrupted by ${signal}`);
}

function exit(signal: NodeJS.Signals): never {
  process.exit(128 + constants.signals[signal]);
}
