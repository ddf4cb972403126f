import { filePartsOf, type FilePart } from '../by-hand/file-parts.js';
import { merged } from './merged.js';
import { summariesOf } from './summaries-of.js';
import { verdict as verdictOf, type Summary } from './verdict.js';

export default function summariesOfPart({ path, ...part }: FilePart): Map<string, Summary> {
  return summariesOf(path, part).stations;
}

export function tasks(path: string): FilePart[] {
  return filePartsOf(path, 16);
}

export function verdict(parts: readonly Map<string, Summary>[]): string {
  const stations = new Map<string, Summary>();
  for (const part of parts) {
    for (const [name, summary] of part) {
      const found = stations.get(name);
      stations.set(name, found === undefined ? summary : merged(found, summary));
    }
  }
  return verdictOf(stations, 10);
}
