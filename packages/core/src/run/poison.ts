import { existsSync, readFileSync } from 'node:fs';
import type { RecordPosition } from '../errors.js';
import type { Outcome } from '../pool/pool.js';
import { decode } from '../values/codec.js';
import type { RecordSelection } from '../protocol/task-message.js';
import type { Ending } from './ending.js';

/** Runs a task on some of its records. */
export type Trial = (selection?: RecordSelection) => Promise<Extract<Outcome, { kind: 'reply' }> | Ending>;

/** A record that kills its child, all alone. */
export interface PoisonRecord extends RecordPosition {
  /** Its number in the task. */
  readonly record: number;
  readonly chunk: number;
  readonly preview: string;
}

/**
 * Finds the record that kills the child that works on it. The trace tells how far the child came: the culprit is the
 * record it was at, or, where death came late (a timer, a promise), one before it, found by bisection. Only a record
 * that kills a child of its own is named; memory that many records fill together is nobody's fault.
 */
export async function findPoison(
  trial: Trial,
  traceFile: string,
  { kind }: Ending,
): Promise<PoisonRecord | undefined> {
  const kills = async (from: number, to: number): Promise<boolean> =>
    (await trial({ only: [from, to] })).kind === kind;
  let last = readTrace(traceFile);
  if (last === undefined) {
    if ((await trial({ traceFile })).kind === 'reply') return undefined;
    last = readTrace(traceFile);
  }
  if (last === undefined) return undefined;
  if (await kills(last, last + 1)) return describe(trial, last);
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (await kills(low, middle)) high = middle;
    else low = middle;
  }
  return low < last && (await kills(low, low + 1)) ? describe(trial, low) : undefined;
}

function readTrace(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  return bytes.length < 8 ? undefined : new Float64Array(new Uint8Array(bytes).buffer)[0];
}

async function describe(trial: Trial, record: number): Promise<PoisonRecord> {
  const outcome = await trial({ describe: record });
  const found =
    outcome.kind === 'reply' && outcome.reply.ok
      ? (decode(outcome.reply.value as Uint8Array) as Omit<PoisonRecord, 'record'>)
      : { chunk: -1, preview: '' };
  return { record, ...found };
}
