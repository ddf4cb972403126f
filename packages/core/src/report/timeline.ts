import type { Outcome } from '../pool/pool.js';
import type { TaskMessage } from '../protocol/task-message.js';
import { clearTimeout, now, setTimeout } from '../timers.js';
import { bytesRead } from './chunk-place.js';
import type { AttemptEvent, PulseEvent, RunObserver, StageEvent, TaskEvent } from './observer.js';
import type { RunSample, TaskSpan } from './run-snapshot.js';
import { taskKey } from './task-key.js';
import { UnderWay } from './under-way.js';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Seconds between two samples at first. */
const PACE = 0.25;
/** When there are so many samples, every other one is dropped, and half as many are taken from then on. */
const MOST_SAMPLES = 1200;

/** Keeps the course of a run, in bounded memory: who worked on what and when, and how far the run was. */
export class Timeline implements RunObserver {
  readonly #started = now();
  readonly #most: number;
  /** Spans more than this are joined, pairs of neighbours of a slot. */
  #limit: number;
  #spans: Mutable<TaskSpan>[] = [];
  readonly #running = new Map<number, Mutable<TaskSpan>>();
  readonly #failing = new Set<string>();
  readonly #memory = new Map<number, number>();
  readonly #underWay = new UnderWay();
  readonly #sums = { records: 0, bytes: 0, spilledBytes: 0 };
  #samples: RunSample[] = [];
  #pace = PACE;
  #isInput = true;
  #hasChildren = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param most So many spans are kept one by one. */
  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
    this.#sample();
    this.#wait();
  }

  stage({ stage: { branches }, processes, beside }: StageEvent): void {
    if (beside !== undefined) return;
    // Records of a later stage were counted when they were read.
    this.#isInput = branches.some(({ from }) => 'source' in from);
    this.#hasChildren = processes > 0;
    this.#underWay.clear();
  }

  attempt(event: AttemptEvent): void {
    const { task, slot, ended, outcome } = event;
    const key = taskKey(task);
    if (outcome === undefined || ended === undefined) {
      this.#running.set(slot, this.#begun(event, this.#failing.has(key)));
      return;
    }
    const span = this.#running.get(slot) ?? this.#begun(event, false);
    this.#running.delete(slot);
    span.end = this.#at(ended);
    tell(span, outcome);
    if (outcome.kind === 'reply') this.#failing.delete(key);
    else this.#failing.add(key);
    if (outcome.kind === 'reply') this.#replied(task, slot, outcome.reply);
    this.#spans.push(span);
    if (this.#spans.length > this.#limit) this.#join();
  }

  pulse(event: PulseEvent): void {
    if (this.#isInput) this.#underWay.pulse(event);
  }

  task({ result }: TaskEvent): void {
    if (this.#isInput) this.#sums.records += result.records;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#sample();
  }

  /** Copies, with what is under way. */
  get spans(): TaskSpan[] {
    const end = this.#at(now());
    return [...this.#spans, ...[...this.#running.values()].map((span) => ({ ...span, end }))];
  }

  get samples(): RunSample[] {
    return [...this.#samples, this.#current()];
  }

  #begun({ task: { stage, chunks }, slot, started }: AttemptEvent, isRetry: boolean): Mutable<TaskSpan> {
    const start = this.#at(started);
    const chunk = chunks[0]?.number ?? -1;
    const counts = { chunk, chunks: chunks.length, attempts: 1, records: 0 };
    return { slot, pid: undefined, stage, ...counts, start, end: start, outcome: 'running', isRetry };
  }

  #replied(task: TaskMessage, slot: number, reply: Extract<Outcome, { kind: 'reply' }>['reply']): void {
    if (this.#hasChildren) this.#memory.set(slot, reply.rss);
    this.#sums.spilledBytes += reply.disk.written;
    this.#underWay.end(task);
    if (reply.ok && !reply.more && this.#isInput) this.#sums.bytes += bytesRead(task);
  }

  #join(): void {
    const open = new Map<number, Mutable<TaskSpan>>();
    const joined: Mutable<TaskSpan>[] = [];
    for (const span of this.#spans) {
      const before = open.get(span.slot);
      if (before !== undefined && fit(before, span)) {
        absorb(before, span);
        open.delete(span.slot);
        continue;
      }
      joined.push(span);
      if (span.outcome === 'done') open.set(span.slot, span);
      else open.delete(span.slot);
    }
    this.#spans = joined;
    // What cannot be joined, such as deaths, must not make every next span look again.
    this.#limit = Math.max(this.#most, joined.length * 1.5);
  }

  #current(): RunSample {
    const { records, bytes } = this.#underWay.sum;
    return {
      at: this.#at(now()),
      ...this.#sums,
      records: this.#sums.records + records,
      bytes: this.#sums.bytes + bytes,
      busy: this.#hasChildren ? this.#running.size : 0,
      childBytes: [...this.#memory.values()].reduce((sum, bytes) => sum + bytes, 0),
      parentBytes: process.memoryUsage.rss(),
    };
  }

  #sample(): void {
    this.#samples.push(this.#current());
    if (this.#samples.length < MOST_SAMPLES) return;
    this.#samples = this.#samples.filter((_, i) => i % 2 === 0);
    this.#pace *= 2;
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#sample();
      this.#wait();
    }, this.#pace * 1000);
    this.#timer.unref();
  }

  #at(milliseconds: number): number {
    return Math.max(0, milliseconds - this.#started) / 1000;
  }
}

function tell(span: Mutable<TaskSpan>, outcome: Outcome): void {
  if (outcome.kind === 'died') {
    const { signal, exitCode, phase } = outcome;
    span.outcome = 'died';
    const how = signal ?? (exitCode === null ? 'killed' : `exit code ${exitCode}`);
    span.death = phase === 'task' ? how : `${how}, before its first task`;
  } else if (outcome.kind !== 'reply') span.outcome = outcome.kind;
  else if (!outcome.reply.ok) span.outcome = 'error';
  else {
    span.outcome = 'done';
    span.records = outcome.reply.records;
    span.pid = outcome.reply.usage?.pid;
  }
}

function fit(a: TaskSpan, b: TaskSpan): boolean {
  const isPlain = b.outcome === 'done' && !a.isRetry && !b.isRetry;
  return isPlain && a.stage === b.stage && a.pid === b.pid && a.chunk < 0 === b.chunk < 0;
}

function absorb(into: Mutable<TaskSpan>, span: TaskSpan): void {
  into.end = span.end;
  into.chunks += span.chunks;
  into.attempts += span.attempts;
  into.records += span.records;
}
