import type { ChildDeath } from '../pool/pool.js';

/** What ends a process that has done something wrong itself. */
const ownSignals: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]);

/** Whether somebody else has ended a child. */
export function isKilled({ signal }: ChildDeath): boolean {
  return signal !== null && !ownSignals.has(signal);
}

/** The system starts no process with so much environment and so many flags. */
export function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'E2BIG';
}
