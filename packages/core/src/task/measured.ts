import type { DiskUse } from '../blocks/disk-use.js';
import type { TaskDone, TaskFailed, TaskReply } from '../protocol/reply.js';
import { now } from '../timers.js';

/** Adds to an answer what the process and the disk say. */
export function measured(given: TaskDone | TaskFailed, disk?: DiskUse): TaskReply {
  const { written = 0, peak = 0, kept = 0 } = disk ?? {};
  return { ...given, rss: residentMemory(), disk: { written, peak, kept } };
}

let [resident, measuredAt] = [0, -Infinity];

/** In bytes. Asking the system costs 10 us, so tiny tasks share an answer. */
function residentMemory(): number {
  if (now() - measuredAt > 10) {
    resident = process.memoryUsage.rss();
    measuredAt = now();
  }
  return resident;
}
