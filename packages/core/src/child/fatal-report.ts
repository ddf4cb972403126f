import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * Node's report of a fatal error, which V8 makes when it gives up: the one way for a parent to hear that a child has run out
 * of memory, since its last words go to its stderr. It is asked for only where the run has a directory of its own already,
 * as an attempt that leaves a trace has: a report tells the environment, and nobody else may read it.
 */
const SUFFIX = '-fatal.json';

/** Has V8 say next to a trace file why it gives up, until the function that is returned is called. */
export function reportFatal(traceFile: string): () => void {
  const { report } = process as { report?: NodeJS.ProcessReport };
  if (report === undefined) return () => undefined;
  const { directory, filename, reportOnFatalError } = report;
  report.directory = dirname(traceFile);
  report.filename = basename(traceFile) + SUFFIX;
  report.reportOnFatalError = true;
  // Looking up the names of hosts could take longer than anybody waits.
  (report as { excludeNetwork?: boolean }).excludeNetwork = true;
  return () => Object.assign(report, { directory, filename, reportOnFatalError });
}

/** What V8 said when it gave up in an attempt that left a trace there, if it did. */
export function fatalWords(traceFile: string): string | undefined {
  try {
    const { header } = JSON.parse(readFileSync(traceFile + SUFFIX, 'utf8')) as { header: { event: unknown } };
    return String(header.event).slice(0, 200);
  } catch {
    // Most deaths leave none, and one that was cut short says nothing.
    return undefined;
  }
}
