import { readFileSync } from 'node:fs';

/** The most resident memory that this process has had, in bytes. */
export function peakMemory(): number {
  try {
    // On Linux `maxRSS` includes what the parent of this process had when it forked.
    const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'latin1') : '';
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    if (peak !== undefined) return Number(peak) * 1024;
  } catch {
    // Some containers hide /proc.
  }
  return process.resourceUsage().maxRSS * 1024;
}
