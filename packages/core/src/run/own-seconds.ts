import type { WireStage } from '../plan/compiled-plan.js';
import type { CutStage } from './cut-plan.js';

/** How long forkfold itself takes about for a record, in seconds: most often less. */
export const OWN_SECONDS = 2e-6;

/** How long a chunk takes, where no function of the user's is called for its records, nor to give them, and their number is known. */
export function ownSeconds({ wire, count, chunkRecords = Infinity }: CutStage): number | undefined {
  if (!callsNothing(wire) || count === undefined || !Number.isFinite(chunkRecords)) return undefined;
  return OWN_SECONDS * chunkRecords;
}

/** Whether no function of the user's is called for the records of a stage. */
export function callsNothing({ branches, sink }: WireStage): boolean {
  const calls = 'fn' in sink || (sink.kind === 'shuffle' && 'fn' in sink.shuffle);
  return !calls && branches.every(({ ops }) => ops.length === 0);
}
