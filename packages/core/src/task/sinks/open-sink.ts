import type { Sink } from '../../plan/node.js';
import type { ResultBytes } from '../../protocol/reply.js';
import type { Room } from '../verbs/walk.js';

/** Where the records of a task end: takes them one by one, then gives the task's partial result. */
export interface OpenSink extends Room {
  /** Whether it needs no more records. */
  readonly isFull: boolean;
  /** Only a sink that says so may ever be full. */
  readonly isBounded?: boolean;
  /** `tag` tells which input of a cogroup the record belongs to. */
  readonly push: (record: unknown, tag: number) => void;
  /** The same for a pair, where it need not be made. */
  readonly pushPair?: ((key: unknown, value: unknown, tag: number) => void) | undefined;
  /** After the last record of each chunk. */
  endChunk(): void;
  /** What the task answers, and how many bytes it hands on. */
  finish(): { readonly value: ResultBytes; readonly bytes: number };
  /** What has been pushed since the last part, where a sink can be emptied before its end. */
  takePart?(): { readonly value: ResultBytes; readonly bytes: number };
  /** Removes what it has written; may be called again. */
  abort(): void;
}

export type FoldingSink = Extract<Sink<number>, { kind: 'count' | 'reduce' | 'aggregate' }>;
