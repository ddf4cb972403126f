import type { AttemptEvent } from './observer.js';
import type { ChildReport } from './run-report.js';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type Counts = Mutable<Omit<ChildReport, 'pid' | 'idleSeconds'>>;

interface ChildBooks extends Counts {
  /** When its first attempt began, in milliseconds. */
  readonly since: number;
  /** When it was seen last, where it is there no more. */
  until: number | undefined;
}

/** Keeps the books of the children of a run. */
export class ChildrenBooks {
  readonly #children = new Map<number, ChildBooks>();
  /** By the number of a slot, the child that it had last. */
  readonly #current = new Map<number, ChildBooks>();
  /** When the attempt began that a slot had first since its child is gone. */
  readonly #begun = new Map<number, number>();
  /** Seconds of attempts, but for the first one of each child, which waits for its start. */
  #attempted = 0;
  #worked = 0;

  /** An attempt has begun or ended. */
  attempt({ slot, started, ended, outcome }: AttemptEvent): void {
    if (!this.#begun.has(slot)) this.#begun.set(slot, started);
    if (ended === undefined || outcome === undefined) return;
    if (outcome.kind !== 'reply') {
      this.#leave(slot, ended);
      return;
    }
    const { reply } = outcome;
    if (!reply.ok || reply.usage === undefined) return;
    const { pid, serializeSeconds, gcSeconds } = reply.usage;
    const known = this.#children.get(pid);
    const child = known ?? this.#enter(pid, slot, started);
    child.tasks += 1;
    child.busySeconds += reply.seconds;
    child.serializeSeconds += serializeSeconds;
    child.gcSeconds += gcSeconds;
    child.peakBytes = Math.max(child.peakBytes, reply.rss);
    if (known === undefined) return;
    this.#attempted += (ended - started) / 1000;
    this.#worked += Math.max(0, reply.seconds - serializeSeconds);
  }

  /** The part of the children's time that went into moving tasks and results, 0 to 1. */
  get movingShare(): number {
    return this.#attempted === 0 ? 0 : Math.max(0, 1 - this.#worked / this.#attempted);
  }

  /** How many there were. */
  get count(): number {
    return this.#children.size;
  }

  /** @param end When the run has ended, in milliseconds. */
  report(end: number): ChildReport[] {
    return [...this.#children].map(([pid, { since, until = end, ...counts }]) => ({
      pid,
      ...counts,
      idleSeconds: Math.max(0, (until - since) / 1000 - counts.busySeconds),
    }));
  }

  #enter(pid: number, slot: number, started: number): ChildBooks {
    const before = this.#current.get(slot);
    if (before !== undefined) before.until ??= started;
    const since = before === undefined ? (this.#begun.get(slot) ?? started) : started;
    const child: ChildBooks = {
      since,
      until: undefined,
      tasks: 0,
      busySeconds: 0,
      serializeSeconds: 0,
      gcSeconds: 0,
      peakBytes: 0,
    };
    this.#children.set(pid, child);
    this.#current.set(slot, child);
    return child;
  }

  #leave(slot: number, ended: number): void {
    const child = this.#current.get(slot);
    if (child !== undefined) child.until ??= ended;
  }
}
