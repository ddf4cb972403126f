import { suggestName } from '../checks/nearest-name.js';
import type { Outcome } from '../pool/pool.js';
import type { TaskMessage } from '../protocol/task-message.js';
import { now } from '../timers.js';
import type { RunObserver } from './observer.js';

/** What `FORKFOLD_DEBUG` can name. */
const topics = ['scheduler', 'results', 'disk'] as const;
type Topic = (typeof topics)[number];

/**
 * Writes what a run decides to stderr, a line each, for `FORKFOLD_DEBUG=scheduler,results,disk`: `*` or `all` is all of it.
 * Undefined where the variable is not set, so that nothing is told then.
 */
export function debugObserver(
  wanted: string | undefined = process.env['FORKFOLD_DEBUG'],
  write: (line: string) => unknown = (line) => process.stderr.write(line),
): RunObserver | undefined {
  if (wanted === undefined || wanted.trim() === '') return undefined;
  const chosen = topicsOf(wanted, write);
  const started = now();
  const tell = (topic: Topic, text: string): void => {
    if (chosen.has(topic)) write(`forkfold:${topic} +${Math.round(now() - started)} ms ${text}\n`);
  };
  return {
    stage({ number, stages, stage: { sink }, chunks, processes, beside }) {
      const name = 'verb' in sink ? sink.verb : sink.kind;
      if (beside !== undefined) {
        tell(
          'scheduler',
          `stage ${number + 1} of ${stages} shares the pass of stage ${beside + 1}, into ${name}`,
        );
        return;
      }
      tell(
        'scheduler',
        `stage ${number + 1} of ${stages} begins: ${chunks ?? 'unknown'} chunks into ${name}, ${processes} children`,
      );
    },
    attempt({ task, slot, started: begun, ended, outcome }) {
      const what = `task ${task.name} (${chunksOf(task)})`;
      if (outcome === undefined) tell('scheduler', `${what} starts on slot ${slot}`);
      else
        tell(
          'scheduler',
          `${what} on slot ${slot} ${ending(outcome)} after ${Math.round((ended ?? begun) - begun)} ms`,
        );
    },
    task({ result: { chunks, records, isRestored }, skipped }) {
      const from = isRestored ? ', from the checkpoint' : '';
      tell(
        'results',
        `a result of ${chunks} chunks, ${records} records${from}; ${skipped} records skipped so far`,
      );
    },
    disk(event) {
      tell(
        'disk',
        event.kind === 'removed'
          ? `${event.bytes} bytes removed`
          : `${event.output.files.length} files written`,
      );
    },
    waited: (milliseconds) => tell('scheduler', `waited ${Math.round(milliseconds)} ms for the consumer`),
    end: ({ error }) =>
      tell('scheduler', error === undefined ? 'the run ends' : `the run fails: ${String(error.thrown)}`),
  };
}

function topicsOf(wanted: string, write: (line: string) => unknown): ReadonlySet<Topic> {
  const names = wanted.split(',').map((name) => name.trim());
  if (names.includes('*') || names.includes('all')) return new Set(topics);
  const unknown = names.find((name) => !(topics as readonly string[]).includes(name));
  if (unknown !== undefined) {
    write(`forkfold: FORKFOLD_DEBUG knows no "${unknown}": ${suggestName(unknown, topics)}\n`);
  }
  return new Set(topics.filter((topic) => names.includes(topic)));
}

function chunksOf({ chunks, fold, selection }: TaskMessage): string {
  if (fold !== undefined) return 'a fold of partial results';
  const [first, last] = [chunks[0], chunks.at(-1)];
  const span =
    first === last ? `chunk ${first?.number ?? 'none'}` : `chunks ${first!.number} to ${last!.number}`;
  return selection === undefined ? span : `${span}, tried again or searched`;
}

function ending(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'reply':
      return outcome.reply.ok ? (outcome.reply.more ? 'gives a part' : 'is done') : 'has failed';
    case 'died':
      return `has lost its child (${outcome.signal ?? `exit code ${outcome.exitCode ?? 'none'}`}, ${outcome.phase})`;
    case 'timeout':
      return 'has run out of time';
    case 'cancelled':
      return 'is cancelled';
  }
}
