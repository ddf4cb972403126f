import type { Progress } from './progress.js';

/** Between the parts of a line. */
const BETWEEN = ' · ';
const BAR = 16;

/** Progress as a line, of at most so many characters: what matters least goes first. */
export function progressText(progress: Progress, width = Infinity, isBar = false): string {
  const parts = partsOf(progress, isBar);
  let line = parts.join(BETWEEN);
  while (line.length > width && parts.length > 1) {
    parts.pop();
    line = parts.join(BETWEEN);
  }
  return line.slice(0, Math.max(0, Math.min(line.length, width)));
}

/** What a run has done, in a line: `done in 4.2 s: 12.3 M records`. */
export function summaryText(progress: Progress, outcome: string): string {
  const { records, bytes, seconds, restored, counters } = progress;
  const parts = [
    `${outcome} ${seconds.toFixed(1)} s: ${short(records)} records${rate(records, seconds)}`,
    ...(bytes > 0 ? [`${inBytes(bytes)}${bytesRate(bytes, seconds)}`] : []),
    ...troubles(progress),
    ...(restored > 0 ? [`${restored} chunks restored from the checkpoint`] : []),
    ...Object.entries(counters).map(([name, n]) => `${printable(name)} ${n}`),
  ];
  return parts.join(BETWEEN);
}

function partsOf(progress: Progress, isBar: boolean): string[] {
  const { stage, stages, chunks, totalChunks, records, bytes, seconds, share, eta } = progress;
  const { busy, processes, restored, childBytes } = progress;
  const of = totalChunks === undefined ? `${chunks} chunks` : `chunk ${chunks}/${totalChunks}`;
  const percent = share === undefined ? of : `${Math.floor(share * 100)} %`;
  const bar = isBar && share !== undefined ? `${barOf(share)} ` : '';
  return [
    `stage ${stage}/${stages} ${bar}${percent}`,
    `${short(records)} records${rate(records, seconds)}`,
    ...(eta === undefined ? [] : [`ETA ${range(eta)}${stage < stages ? ' (this stage)' : ''}`]),
    clock(seconds),
    ...(bytes > 0 ? [`${inBytes(bytes)}${bytesRate(bytes, seconds)}`] : []),
    ...troubles(progress),
    ...(processes > 0 ? [`${busy} of ${processes} busy`] : []),
    ...(restored > 0 ? [`${restored} chunks restored`] : []),
    ...(childBytes > 0 ? [`${inBytes(childBytes)} memory`] : []),
    ...(share === undefined ? [] : [of]),
  ];
}

function troubles({ retries, skipped, spilledBytes }: Progress): string[] {
  return [
    ...(retries > 0 ? [`${retries} ${retries === 1 ? 'retry' : 'retries'}`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(spilledBytes > 0 ? [`${inBytes(spilledBytes)} spilled`] : []),
  ];
}

function barOf(share: number): string {
  const full = Math.floor(share * BAR);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}

function range({ min, max }: NonNullable<Progress['eta']>): string {
  const [low, high] = [clock(min), clock(max)];
  return low === high ? `~${low}` : `${low}–${high}`;
}

function rate(records: number, seconds: number): string {
  return seconds < 0.1 || records === 0 ? '' : ` (${short(records / seconds)}/s)`;
}

function bytesRate(bytes: number, seconds: number): string {
  return seconds < 0.1 ? '' : ` (${inBytes(bytes / seconds)}/s)`;
}

/** Minutes and seconds, with hours where there are any. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const rest = `${whole % 60}`.padStart(2, '0');
  return hours > 0 ? `${hours}:${`${minutes}`.padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function short(n: number): string {
  // Five digits are as short as four and a unit.
  return inUnits(n, ['G', 'M', 'k'], '', 10);
}

function inBytes(bytes: number): string {
  return inUnits(bytes, ['GB', 'MB', 'kB'], ' B', 1);
}

/** A number of the largest of three units that it has; of the last one, `least` at least. */
function inUnits(n: number, units: readonly [string, string, string], one: string, least: number): string {
  for (const [i, unit] of units.entries()) {
    const size = 1000 ** (3 - i);
    if (n >= size * (i === 2 ? least : 1)) return `${(n / size).toFixed(1)} ${unit}`;
  }
  return `${Math.round(n)}${one}`;
}

/** The name of a counter may hold anything. */
function printable(name: string): string {
  return name.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
}
