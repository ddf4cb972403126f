import { own, type ModuleRef } from '../module-ref.js';

/** Gives each record with its file. */
export interface WithPath {
  /**
   * Makes each record a pair of the absolute path of its file and the record, `[path, record]`, as keyed verbs take it:
   * `textLines('logs/*', { withPath: true }).countByKey()` counts the lines of each file. @default false
   */
  readonly withPath: true;
}

/** A reader of the package's own, which gives the paths of files, too, where that is asked for. */
export function readerRef(name: string, given: readonly unknown[], withPath = false): ModuleRef {
  if (!withPath) return { module: own.readers, name, arguments: given };
  return { module: own.readers, name: 'withPaths', arguments: [name, ...given] };
}
