import { openSync, writeSync, closeSync } from 'node:fs';
import type { Batch, Batches } from '../../source/chunk.js';
import type { RecordSelection } from '../../protocol/messages.js';
import type { Cursor } from './blame.js';

/** Gives the records of a task one by one, numbers them, and leaves out what the selection does. */
export interface RecordSelector {
  select(batches: Batches): Batches;
  end(): void;
}

/**
 * Numbers records across the chunks of a task. Where the selection names a beacon, the number of a record is written to
 * that file before the record is handed out, so that it outlives this process.
 */
export function recordSelector(
  { skip = [], only = [0, Infinity], beacon }: RecordSelection,
  cursor: Cursor,
): RecordSelector {
  const skipped = new Set(skip);
  const fd = beacon === undefined ? undefined : openSync(beacon, 'w', 0o600);
  const number = new Float64Array(1);
  let next = 0;

  function* one(batch: Batch): Generator<Batch> {
    for (let i = 0; i < batch.records.length; i += 1) {
      const ordinal = next++;
      if (ordinal < only[0] || skipped.has(ordinal)) continue;
      if (ordinal >= only[1]) return;
      cursor.ordinal = ordinal;
      if (fd !== undefined) {
        number[0] = ordinal;
        writeSync(fd, number, 0, 8, 0);
      }
      yield { records: [batch.records[i]], locate: () => batch.locate(i) };
    }
  }

  return {
    select(batches) {
      if (Symbol.asyncIterator in batches) {
        return (async function* () {
          for await (const batch of batches) yield* one(batch);
        })();
      }
      return (function* () {
        for (const batch of batches) yield* one(batch);
      })();
    },
    end() {
      if (fd !== undefined) closeSync(fd);
    },
  };
}
