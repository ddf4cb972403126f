import type { OutputDirectory } from '../output/output-directory.js';
import type { Action } from '../plan/action.js';
import type { Part } from '../protocol/reply.js';
import type { RunObserver } from '../report/observer.js';
import { decode } from '../values/codec.js';
import type { Collector } from './collector.js';

/** Moves parts to their directory, and makes it appear when all are there; whoever has opened it discards it when the run fails. */
export function partCollector(
  action: Action,
  output: OutputDirectory,
  keepsFiles: boolean,
  observer: Required<RunObserver>,
): Collector {
  return {
    isFull: false,
    async take({ value }) {
      for (const part of decode(value as Uint8Array) as Part[]) await output.add(part, keepsFiles);
    },
    async end() {
      const written = await output.commit();
      observer.disk({ kind: 'written', output: written });
      return action.finish({ value: written, found: true, copy: (value) => value });
    },
  };
}
