import type { Report } from './program.js';

/** One run of a program. */
export interface Measured extends Required<Omit<Report, 'ownMemory'>> {
  /** Seconds from the start of the program to its end. */
  readonly wall: number;
  /** CPU seconds of the program and all its children, start and end included. */
  readonly cpu: number;
  /** Peak resident memory of the program and all its children at the same moment, in MB. Pages that they share count for each. */
  readonly memory: number;
  /** Peak resident memory of the program itself, in MB. */
  readonly parentMemory: number;
  /** Peak resident memory of its largest child, in MB; 0 if it had none. */
  readonly childMemory: number;
  /** The most that `directory` held, in MB. */
  readonly disk: number;
}
