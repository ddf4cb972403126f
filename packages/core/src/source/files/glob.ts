import type { Minimatch } from 'minimatch';

/** A name, or what names match. */
export type Segment =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'pattern'; matches(name: string): boolean }
  /** `**`: this folder, and any below it. */
  | { readonly kind: 'folders' };

/** A pattern that means more is a mistake, or an attack. */
const MOST_ALTERNATIVES = 10_000;

const magic = /[*?[{]|[@+!]\(/;

/** Whether a text says anything else than the path that it is. */
export function isGlob(text: string): boolean {
  return magic.test(text.replace(/\\./gs, '')) || /\\[^/]/.test(text);
}

/** Has a text stand for itself in a glob. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\*?[\]{}()!@+,|]/g, '\\$&');
}

/**
 * The paths that a glob stands for, each as its segments. The language is that of minimatch: `*`, `?`, `[a-z]`, `[!a]`,
 * `{a,b}`, `{1..3}`, `@(a|b)` and its kin, `**`, and a backslash before a character that means itself.
 *
 * @throws RangeError for one that stands for too many.
 */
export async function parseGlob(glob: string): Promise<readonly (readonly Segment[])[]> {
  // The module is loaded for globs only: importing forkfold stays cheap, and children never need it.
  const { Minimatch } = await import('minimatch');
  const options = {
    nocomment: true,
    nonegate: true,
    platform: 'linux',
    braceExpandMax: MOST_ALTERNATIVES + 1,
  } as const;
  const { set } = new Minimatch(glob, options);
  if (set.length > MOST_ALTERNATIVES) {
    throw new RangeError(`it stands for more than ${MOST_ALTERNATIVES} patterns`);
  }
  const toSegment = (part: Minimatch['set'][number][number]): Segment => {
    if (typeof part === 'string') return { kind: 'name', name: part };
    return typeof part === 'symbol'
      ? { kind: 'folders' }
      : { kind: 'pattern', matches: (name) => part.test(name) };
  };
  return set.map((parts) => parts.map(toSegment));
}
