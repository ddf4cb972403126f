import { closeSync, openSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { TaskMessage } from '@forkfold/core/engine';
import { readAt } from '../sql/pieces.js';

/** What every process of a run is told. */
export interface ShippedRun {
  /** A serialized `RunDescription`. */
  readonly description: Uint8Array;
  /** Environment variables for the user's code. */
  readonly env: Readonly<Record<string, string>>;
  readonly stages: readonly ShippedStage[];
}

export interface ShippedStage {
  /** For each bucket that the stage fills, the `p` that leads its rows to their lane. */
  readonly keys: readonly number[];
  readonly inputs: readonly ShippedInput[];
  /** The number of each branch's first chunk. */
  readonly firsts: readonly number[];
}

/** A branch of a stage that reads the shuffle of an earlier one. */
export interface ShippedInput {
  readonly branch: number;
  /** The number of the earlier stage. */
  readonly from: number;
  /** The number of the branch's first chunk. */
  readonly first: number;
  /** How many buckets, or ranges, there are. */
  readonly buckets: number;
  /** How many neighbours of them a task covers. */
  readonly span: number;
  /** For ranges of a sort: where the branch's tasks begin among those of the stage, in the order of the ranges. */
  readonly tasks?: number;
}

interface Header {
  readonly run: ShippedRun;
  /** For each stage, for each of its tasks: where it ends in the file, counted from the first one's begin. */
  readonly ends: readonly (readonly number[])[];
}

/** Bytes before the header: its length, unsigned, 32 bits, little-endian. */
const LENGTH_BYTES = 4;

/** Packs a run and the tasks of its stages so that one who knows a task's number reads no other. */
export function packRun(run: ShippedRun, tasks: readonly (readonly TaskMessage[])[]): Buffer {
  const packed: Buffer[] = [];
  let end = 0;
  const ends = tasks.map((ofStage) =>
    ofStage.map((task) => {
      const bytes = serialize(task);
      packed.push(bytes);
      return (end += bytes.length);
    }),
  );
  const header = serialize({ run, ends } satisfies Header);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, ...packed]);
}

/** A run's file, open for reading. */
export interface RunFile {
  readonly run: ShippedRun;
  task(stage: number, index: number): TaskMessage;
}

/** Opens what `packRun` has packed. The file stays open as long as the process. */
export function openRunFile(path: string): RunFile {
  const descriptor = openSync(path, 'r');
  try {
    const length = readAt(descriptor, 0, LENGTH_BYTES).readUInt32LE();
    const { run, ends } = deserialize(readAt(descriptor, LENGTH_BYTES, length)) as Header;
    const begin = LENGTH_BYTES + length;
    const before = (stage: number, index: number): number => {
      if (index > 0) return ends[stage]![index - 1]!;
      return stage === 0 ? 0 : (ends[stage - 1]!.at(-1) ?? before(stage - 1, 0));
    };
    return {
      run,
      task(stage, index) {
        const start = before(stage, index);
        return deserialize(readAt(descriptor, begin + start, ends[stage]![index]! - start)) as TaskMessage;
      },
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
