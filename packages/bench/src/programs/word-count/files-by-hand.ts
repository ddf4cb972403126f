import { added } from '../by-hand/added.js';
import { inChunks } from '../by-hand/in-chunks.js';
import { textFilesIn } from '../by-hand/text-files.js';
import { countFiles } from './count-files.js';
import { verdict as verdictOf } from './verdict.js';

export default function countsOf(paths: readonly string[]): Map<string, number> {
  return countFiles(paths).counts;
}

export function tasks(directory: string): string[][] {
  return inChunks(textFilesIn(directory));
}

export function verdict(parts: readonly Map<string, number>[]): string {
  return verdictOf(added(parts).values());
}
