import { now } from '../../timers.js';
import type { CallPeak, TaskPulse, TaskUsage } from '../../protocol/task-usage.js';
import { garbageSeconds } from './garbage.js';
import { HeavyKeys } from './heavy-keys.js';
import { Pulses } from './pulses.js';

/** Measures a task, for a run that somebody watches: a few clock readings a chunk, and a sample of the keys. */
export class OpenUsage {
  readonly keys = new HeavyKeys();
  /** Tells how far the task is, where somebody can hear it. */
  readonly pulses: Pulses | undefined;
  /** When the chunks under way began. */
  #begun: number[] = [];
  #seconds: number[] = [];
  #records: number[] = [];
  readonly #cpu = process.cpuUsage();
  /** What the task has told of its calls. */
  calls: CallPeak | undefined;
  #before = 0;
  #serialize = 0;
  #isSerializing = false;

  constructor(tell?: (pulse: TaskPulse) => void) {
    this.pulses = tell && new Pulses(tell);
  }

  /** A chunk begins. */
  begin(): void {
    this.#begun.push(now());
  }

  /**
   * The chunk that has begun first has ended.
   *
   * @param records How many the task has read so far.
   */
  end(records: number): void {
    this.#seconds.push((now() - this.#begun.shift()!) / 1000);
    this.#records.push(records - this.#before);
    this.#before = records;
  }

  /** Measures how long it takes to make bytes of results. */
  serializing<R>(make: () => R): R {
    if (this.#isSerializing) return make();
    const started = now();
    this.#isSerializing = true;
    try {
      return make();
    } finally {
      this.#isSerializing = false;
      this.#serialize += (now() - started) / 1000;
    }
  }

  /** The task begins anew. */
  restart(): void {
    this.pulses?.restart();
    [this.#begun, this.#seconds, this.#records, this.#before] = [[], [], [], 0];
  }

  /** What the task tells. */
  async result(): Promise<TaskUsage> {
    return {
      pid: process.pid,
      chunkSeconds: Float64Array.from(this.#seconds),
      chunkRecords: Float64Array.from(this.#records),
      serializeSeconds: this.#serialize,
      gcSeconds: await garbageSeconds(),
      cpuSeconds: secondsOf(process.cpuUsage(this.#cpu)),
      calls: this.calls,
      keys: this.keys.weights(),
    };
  }
}

function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}
