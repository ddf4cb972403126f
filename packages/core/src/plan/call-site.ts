import { findSourceMap } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

import { place } from '../disk/place.js';

/** Where the user called a verb. */
export interface CallSite {
  /** A path or a `file:` URL, as the module is known to Node.js. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** Where the source map of that file, if there is one in use, finds this place. */
  readonly origin?: { readonly file: string; readonly line: number };
}

/** Of forkfold's frames a verb has a handful. */
const FRAMES = 12;

/** The first frame outside forkfold on the stack. */
export function callSite(): CallSite | undefined {
  for (const frame of frames()) {
    const file = frame.getFileName();
    const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
    const path = file && toPath(file);
    if (!file || !path || line === null || path.startsWith(home)) continue;
    return { file, line, ...originOf(file, line, column ?? 1) };
  }
  return undefined;
}

const home = fileURLToPath(new URL('..', place));

/**
 * The stack as it is, without what a source map, a loader or the user's own `prepareStackTrace` makes of it: forkfold's
 * frames are known by the files that they are loaded from.
 */
function frames(): NodeJS.CallSite[] {
  const own = (['prepareStackTrace', 'stackTraceLimit'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(Error, name)] as const,
  );
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_, raw) => raw;
    const { stack } = new Error() as { stack?: unknown };
    return Array.isArray(stack) ? (stack as NodeJS.CallSite[]) : [];
  } catch {
    // Under `--frozen-intrinsics` neither can be set; a function without a site does its work all the same.
    return [];
  } finally {
    for (const [name, descriptor] of own) {
      if (descriptor === undefined) Reflect.deleteProperty(Error, name);
      else Reflect.defineProperty(Error, name, descriptor);
    }
  }
}

function toPath(file: string): string | undefined {
  if (file.startsWith('file:')) return fileURLToPath(file);
  return isAbsolute(file) ? file : undefined;
}

function originOf(file: string, line: number, column: number): Pick<CallSite, 'origin'> {
  const found = findSourceMap(file)?.findOrigin(line, column);
  if (found === undefined || !('fileName' in found)) return {};
  return { origin: { file: found.fileName, line: found.lineNumber } };
}
