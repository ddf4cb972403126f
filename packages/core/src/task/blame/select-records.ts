import { closeSync, openSync, writeSync } from 'node:fs';
import type { RecordSelection } from '../../protocol/task-message.js';
import type { Batch, Batches } from '../../source/source.js';
import { expandEach } from '../verbs/walk.js';
import type { Blame } from './blame.js';

/** Gives the records of a task one by one, numbers them, and leaves out what the selection does. */
export interface RecordSelector {
  /** @param blame Is told the number of each record. */
  select(batches: Batches, blame: Blame): Batches;
  end(): void;
}

/**
 * Numbers records across the chunks of a task. Where the selection names a trace file, the number of a record is written
 * to it before the record is handed out, so that it outlives this process.
 */
export function recordSelector({
  skip = [],
  only = [0, Infinity],
  traceFile,
}: RecordSelection): RecordSelector {
  const skipped = new Set(skip);
  const descriptor = traceFile === undefined ? undefined : openSync(traceFile, 'w', 0o600);
  const number = new Float64Array(1);
  let next = 0;

  function* select(batch: Batch, blame: Blame): Generator<Batch> {
    for (let i = 0; i < batch.records.length; i += 1) {
      const record = next++;
      if (record < only[0] || skipped.has(record)) continue;
      if (record >= only[1]) return;
      blame.record = record;
      if (descriptor !== undefined) {
        number[0] = record;
        writeSync(descriptor, number, 0, 8, 0);
      }
      const first = batch.first === undefined ? {} : { first: batch.first + i };
      const shown = batch.shown && { shown: () => batch.shown!(i) };
      yield { records: [batch.records[i]], ...first, ...shown, locate: () => batch.locate(i) };
    }
  }

  return {
    select: (batches, blame) => expandEach(batches, (batch) => select(batch, blame)),
    end() {
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}
