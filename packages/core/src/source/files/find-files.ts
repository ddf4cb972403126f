import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SourceError } from '../../errors.js';
import { parseGlob, type Segment } from './glob.js';

/** A file that a glob has found. */
interface Found {
  readonly path: string;
  /** Where it lies, links followed; the same for all names of one file. */
  readonly real: string;
  /** How many links were followed on the way, besides those that lead to where the walk began. */
  readonly links: number;
}

/** Where a walk is. */
interface Place extends Found {
  /** The real folder that `**` must not leave, once it was met. */
  readonly bound: string | undefined;
}

interface Step extends Place {
  readonly isFolder: boolean;
}

/**
 * The files that a glob names, each once, whatever links lead to it. What is found below `**` lies in the folder where `**`
 * stands: a link that leads out of it is followed only where the pattern writes its name.
 *
 * @param root The absolute folder that a relative glob begins in.
 * @throws SourceError for a folder that may not be read.
 */
export async function findFiles(glob: string, root: string): Promise<readonly Found[]> {
  const all = await parseGlob(glob);
  const found = new FoundFiles(all.length > 1 || all.some(mayComeTwice));
  for (const segments of all) {
    const drive = segments[0]?.kind === 'name' ? /^$|^[a-z]:$/i.exec(segments[0].name)?.[0] : undefined;
    const start = drive === undefined ? root : drive + sep;
    const walk = new Walk(found);
    const place = { path: start, real: await realOf(start), links: 0, bound: undefined };
    await walk.go(place, drive === undefined ? segments : segments.slice(1));
  }
  return found.all;
}

/** Whether a walk may come to a file twice, even where there are no links. */
function mayComeTwice(segments: readonly Segment[]): boolean {
  const goesBack = segments.some((segment) => segment.kind === 'name' && segment.name === '..');
  return goesBack || segments.filter(({ kind }) => kind === 'folders').length > 1;
}

/** Files, each once. There may be millions, so they are known by where they lie only if they may come twice. */
class FoundFiles {
  readonly all: Found[] = [];
  /** Their places in the list. */
  #known: Map<string, number> | undefined;

  constructor(mayComeTwice: boolean) {
    if (mayComeTwice) this.#known = new Map();
  }

  add({ path, real, links }: Found): void {
    const { all } = this;
    if (links > 0) this.#known ??= new Map(all.map((file, i) => [file.real, i]));
    const at = this.#known?.get(real);
    if (at === undefined) {
      this.#known?.set(real, all.length);
      all.push({ path, real, links });
      return;
    }
    const known = all[at]!;
    // The name that goes over the fewest links is kept, or else the first.
    if (links < known.links || (links === known.links && path < known.path)) all[at] = { path, real, links };
  }
}

class Walk {
  readonly #found: FoundFiles;
  /** Folders that links have led to, each with what of the pattern was left: they may lead to one again and again. */
  readonly #met = new Set<string>();

  constructor(found: FoundFiles) {
    this.#found = found;
  }

  /** @param listed What is in the folder, where that is known. */
  async go(place: Place, segments: readonly Segment[], listed?: readonly Dirent[]): Promise<void> {
    const key = `${segments.length}:${place.bound ?? ''}:${place.real}`;
    if (place.links > 0 && this.#met.has(key)) return;
    this.#met.add(key);
    const [first, ...rest] = segments;
    switch (first?.kind) {
      case undefined:
        return;
      case 'name':
        return this.#step(place, first.name, undefined, rest);
      case 'pattern':
        for (const entry of listed ?? (await entriesOf(place.path))) {
          if (!first.matches(entry.name)) continue;
          const next = plain(place, entry);
          if (rest.length === 0 && next?.isFolder === false) this.#found.add(next);
          else await this.#step(place, entry.name, entry, rest);
        }
        return;
      case 'folders':
        return this.#below({ ...place, bound: place.bound ?? place.real }, segments, rest);
    }
  }

  /** `**`: what follows it here, and the same again in each folder. */
  async #below(place: Place, all: readonly Segment[], rest: readonly Segment[]): Promise<void> {
    const entries = await entriesOf(place.path);
    if (rest.length > 0) await this.go(place, rest, entries);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const next = plain(place, entry) ?? (await follow(place, entry.name, entry));
      if (next === undefined) continue;
      if (next.isFolder) await this.go(next, all);
      else if (rest.length === 0) this.#found.add(next);
    }
  }

  async #step(
    place: Place,
    name: string,
    entry: Dirent | undefined,
    rest: readonly Segment[],
  ): Promise<void> {
    if (name === '' || name === '.') return this.go(place, rest);
    if (name === '..') {
      const path = join(place.path, '..');
      return this.go({ path, real: await realOf(path), links: place.links, bound: undefined }, rest);
    }
    const next = await follow(place, name, entry);
    if (next === undefined) return;
    if (rest.length > 0) {
      if (next.isFolder) await this.go(next, rest);
    } else if (!next.isFolder) this.#found.add(next);
  }
}

/** What an entry of a folder is, if it is a file or a folder itself. Asks nobody: there may be millions. */
function plain({ path: folder, real, bound, links }: Place, entry: Dirent): Step | undefined {
  const isFolder = entry.isDirectory();
  if (!isFolder && !entry.isFile()) return undefined;
  const path = below(folder, entry.name);
  return { path, real: folder === real ? path : below(real, entry.name), bound, links, isFolder };
}

function below(folder: string, name: string): string {
  // One piece of memory, as an id is: see `inspect`.
  return [folder.endsWith(sep) ? folder.slice(0, -1) : folder, name].join(sep);
}

/** What a name in a folder leads to; undefined where it leads to nothing, or out of bounds. */
async function follow(
  { path: folder, real, bound, links }: Place,
  name: string,
  entry: Dirent | undefined,
): Promise<Step | undefined> {
  const known = entry && plain({ path: folder, real, bound, links }, entry);
  if (known !== undefined) return known;
  const path = join(folder, name);
  const own = join(real, name);
  const place = { path, links, bound };
  try {
    const stats = await stat(path);
    const target = await realpath(path);
    // A pattern may stand for a link, but it does not ask for what the link leads to elsewhere.
    if (entry?.isSymbolicLink() && bound !== undefined && !isWithin(target, bound)) return undefined;
    // Neither folder nor file: a device, a pipe. Whoever names the path hears of it.
    if (!stats.isDirectory() && !stats.isFile() && entry !== undefined) return undefined;
    return { ...place, real: target, links: links + Number(target !== own), isFolder: stats.isDirectory() };
  } catch (cause) {
    if (isGone(cause)) return entry?.isSymbolicLink() ? { ...place, real: own, isFolder: false } : undefined;
    throw unreadable(path, cause);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    if (isGone(cause)) return [];
    throw unreadable(folder, cause);
  }
}

async function realOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function isGone(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

function unreadable(path: string, cause: unknown): SourceError {
  const why = `${path} may hold files that the glob names, and cannot be read: ${(cause as Error).message}`;
  return new SourceError(`${why}. Check its permissions, or name a narrower glob`, { file: path }, { cause });
}
