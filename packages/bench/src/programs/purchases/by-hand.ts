import { added } from '../by-hand/added.js';
import { filePartsOf, type FilePart } from '../by-hand/file-parts.js';
import { sumsOf } from './sums-of.js';
import { verdict as verdictOf } from './verdict.js';

export default function sumsOfPart({ path, ...part }: FilePart): Map<string, number> {
  return sumsOf(path, part).sums;
}

export function tasks(path: string): FilePart[] {
  return filePartsOf(path, 16);
}

export function verdict(parts: readonly Map<string, number>[]): string {
  return verdictOf(added(parts));
}
