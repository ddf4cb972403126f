import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { shortHash } from './short-hash.js';

/** Functions that are made at run time have texts without end, and are not worth remembering. */
const MOST_TEXTS = 1000;

/**
 * The file of a job's module as it was when the module defined its jobs. A process may have evaluated another text than
 * the file's own: loaders, test runners and coverage tools transform it, each process by its own rules. So two processes
 * compare the file's bytes, and a function's text only where that is the file's own in both.
 */
export class ModuleText {
  /** Of the file's bytes; undefined where the module is no file that can be read. */
  readonly hash: string | undefined;
  readonly #url: string;
  /** A hash of each text that was looked for, empty where the file does not have it. */
  readonly #known = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
    const bytes = bytesOf(url);
    this.hash = bytes && shortHash(bytes);
  }

  /** For each text a hash where it is the file's own, else undefined. */
  own(texts: readonly string[]): (string | undefined)[] {
    this.#lookFor(texts.filter((text) => !this.#known.has(text)));
    return texts.map((text) => this.#known.get(text) || undefined);
  }

  #lookFor(texts: readonly string[]): void {
    if (texts.length === 0) return;
    if (this.#known.size > MOST_TEXTS) this.#known.clear();
    // The bytes are not kept, since a bundle may be large: the file is read again for functions that are new.
    const bytes = bytesOf(this.#url);
    const source = bytes !== undefined && shortHash(bytes) === this.hash ? bytes.toString() : '';
    for (const text of texts) this.#known.set(text, source.includes(text) ? shortHash(text) : '');
  }
}

interface Known {
  readonly stamp: string;
  readonly text: ModuleText;
}

const known = new Map<string, Known>();

/** The file of a module as it is now. */
export function moduleText(url: string): ModuleText {
  const stamp = stampOf(url);
  const before = known.get(url);
  if (before?.stamp === stamp) return before.text;
  const text = new ModuleText(url);
  // A file that was merely touched is the same one.
  const kept = before !== undefined && before.text.hash === text.hash ? before.text : text;
  known.set(url, { stamp, text: kept });
  return kept;
}

function stampOf(url: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(fileURLToPath(url));
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}

function bytesOf(url: string): Buffer | undefined {
  try {
    return readFileSync(fileURLToPath(url));
  } catch {
    return undefined;
  }
}
