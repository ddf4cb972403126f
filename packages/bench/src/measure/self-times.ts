import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A function, and how long it ran by itself, without what it called. */
export interface SelfTime {
  /** Its name; in brackets what is no function, such as `(garbage collector)`. */
  readonly name: string;
  /** The end of the path of its source, with its line. */
  readonly place: string;
  readonly seconds: number;
}

/** What V8 writes: the part of `.cpuprofile` that is used here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
  }[];
  /** The node of each sample. */
  readonly samples: readonly number[];
  /** Microseconds between a sample and the one before. */
  readonly timeDeltas: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0, as the column. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The functions in all profiles of a directory that ran longest, the longest first. Time without work does not count. */
export function selfTimes(directory: string): SelfTime[] {
  const times = new Map<string, { name: string; frame: CallFrame; seconds: number }>();
  const files = existsSync(directory) ? readdirSync(directory) : [];
  for (const file of files.filter((name) => name.endsWith('.cpuprofile'))) {
    const { nodes, samples, timeDeltas } = JSON.parse(
      readFileSync(join(directory, file), 'utf8'),
    ) as CpuProfile;
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [i, id] of samples.entries()) {
      const frame = frames.get(id)!;
      const { functionName, url, lineNumber, columnNumber } = frame;
      if (functionName === '(idle)') continue;
      const key = [functionName, url, lineNumber, columnNumber].join('\n');
      const time = times.get(key) ?? { name: functionName || '(anonymous)', frame, seconds: 0 };
      // The time up to the next sample is the function's own.
      time.seconds += (timeDeltas[i + 1] ?? 0) / 1e6;
      times.set(key, time);
    }
  }
  return [...times.values()]
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ name, frame, seconds }) => ({ name, seconds, place: placeOf(frame) }));
}

const maps = new Map<string, SourceMap | undefined>();

/** The end of the path and the line where a function stands in its source, as far as a source map tells. */
function placeOf({ url, lineNumber, columnNumber }: CallFrame): string {
  if (url === '') return '';
  if (!maps.has(url)) maps.set(url, mapOf(url));
  const entry = maps.get(url)?.findEntry(lineNumber, columnNumber);
  const [path, line] =
    entry !== undefined && 'originalSource' in entry
      ? [entry.originalSource, entry.originalLine]
      : [url, lineNumber];
  return `${path.split('/').slice(-2).join('/')}:${line + 1}`;
}

function mapOf(url: string): SourceMap | undefined {
  const path = url.startsWith('file:') ? `${fileURLToPath(url)}.map` : '';
  return existsSync(path)
    ? new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload)
    : undefined;
}
