import { filePartsOf, type FilePart } from '../by-hand/file-parts.js';
import { distinctOf, verdictOf } from './distinct-of.js';

export default function distinctOfPart({ path, ...part }: FilePart): Set<string> {
  return distinctOf(path, part);
}

/** Few of them: each has most of the lines, and all of those are sent and merged again. */
export function tasks(path: string): FilePart[] {
  return filePartsOf(path, 4);
}

export function verdict(parts: readonly Set<string>[]): string {
  const lines = new Set<string>();
  for (const part of parts) for (const line of part) lines.add(line);
  return verdictOf(lines);
}
