import { fileURLToPath } from 'node:url';
import { OptionError } from '../errors.js';
import { place } from './place.js';
import { version } from '../shared-state.js';

const KEY = Symbol.for('@forkfold/core: copies');

/** The copies of this package that this process has loaded, of any version: place and version. */
const held = globalThis as unknown as Record<symbol, Map<string, string> | undefined>;
const copies = (held[KEY] ??= new Map<string, string>());

copies.set(place.replace(/\/(?:dist|src)\/[^?#]*$/, ''), version);

/** Says where copies of several versions are loaded from; empty where all are of one. */
export function versionsInWords(): string {
  if (new Set(copies.values()).size < 2) return '';
  const places = Array.from(
    copies,
    ([url, of]) => `${of} from ${url.startsWith('file:') ? fileURLToPath(url) : url}`,
  );
  return `two copies of @forkfold/core are loaded, which know nothing of each other: ${places.join(' and ')}; install one of them`;
}

/** The error for an object that another version has made. */
export function otherVersion(what: string, of: unknown): OptionError {
  return new OptionError(
    `The ${what} is one of @forkfold/core ${String(of)}, and this is ${version}: ${versionsInWords()}`,
    what,
  );
}
