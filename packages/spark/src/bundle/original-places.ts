import { SourceMap } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Leads frames of stacks from the bundle to the files that it was made of. */
export interface OriginalPlaces {
  /** A stack in which places of a file of this name are those of the originals. */
  inStack(stack: string, file: string): string;
}

/**
 * @param map The bundle's source map, as JSON.
 * @param directory What its sources are relative to.
 */
export function originalPlaces(map: string, directory: string): OriginalPlaces {
  let parsed: SourceMap | undefined;

  /** Lines and columns of stacks are counted from 1, those of maps from 0. */
  function originalOf(line: number, column: number): string | undefined {
    parsed ??= new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
    const entry = parsed.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry)) return undefined;
    const { originalSource, originalLine, originalColumn } = entry;
    const path = originalSource.startsWith('file:')
      ? fileURLToPath(originalSource)
      : resolve(directory, originalSource);
    return `${pathToFileURL(path).href}:${originalLine + 1}:${originalColumn + 1}`;
  }

  return {
    inStack(stack, file) {
      const place = new RegExp(`[^\\s()]*${file.replaceAll('.', '\\.')}:(\\d+):(\\d+)`, 'g');
      return stack.replace(place, (found, line: string, column: string) => {
        return originalOf(Number(line), Number(column)) ?? found;
      });
    },
  };
}
