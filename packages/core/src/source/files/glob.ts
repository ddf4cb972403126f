/**
 * The language of globs, by itself: what a pattern means, and no word about files.
 *
 *   *       any characters of a name      [abc] [a-z] [!a]   one character
 *   ?       one character of a name       {a,b} {1..3}       one or the other, slashes included
 *   **      any number of folders         @(a|b) ?(a) *(a) +(a) !(a)   patterns, once, at most once, ...
 *   \x      the character x itself, whatever x is
 */

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

/** The paths that a glob stands for, each as its segments. */
export function parseGlob(glob: string): readonly (readonly Segment[])[] {
  return alternatives(glob).map((path) => splitUnescaped(path, '/').map(toSegment));
}

function toSegment(text: string): Segment {
  if (text === '**') return { kind: 'folders' };
  const bare = text.replace(/\\./gs, '');
  if (!magic.test(bare)) return { kind: 'name', name: text.replace(/\\(.)/gs, '$1') };
  // As in a shell, a name that begins with a dot is met only by a pattern that writes it.
  const hidden = text.startsWith('.') || text.startsWith('\\.') ? '' : '(?!\\.)';
  const expression = new RegExp(`^${hidden}${source(text, '$')}$`, 'su');
  return { kind: 'pattern', matches: (name) => expression.test(name) };
}

/** The regular expression of a part of a name; `rest` is that of what follows, which `!(...)` must know. */
function source(text: string, rest: string): string {
  if (text === '') return '';
  const [first] = text;
  if (first === '\\' && text.length > 1) {
    const escaped = String.fromCodePoint(text.codePointAt(1)!);
    return literal(escaped) + source(text.slice(1 + escaped.length), rest);
  }
  const group = /^[@?*+!]\(/.test(text) ? closing(text, 1, '(', ')') : -1;
  if (group > 0) return groupSource(text, group, rest);
  if (first === '*') return `[^/]*?${source(text.replace(/^\*+/, ''), rest)}`;
  if (first === '?') return `[^/]${source(text.slice(1), rest)}`;
  const set = first === '[' ? /^\[([!^]?)(\]?(?:\\.|\[:\w+:\]|[^\]\\])*)\]/su.exec(text) : null;
  if (set !== null && set[2] !== '') {
    return `(?!/)${setSource(set[1]!, set[2]!)}${source(text.slice(set[0].length), rest)}`;
  }
  const character = String.fromCodePoint(text.codePointAt(0)!);
  return literal(character) + source(text.slice(character.length), rest);
}

function groupSource(text: string, end: number, rest: string): string {
  const after = source(text.slice(end + 1), rest);
  const options = splitUnescaped(text.slice(2, end), '|').map((option) => source(option, ''));
  const any = `(?:${options.join('|')})`;
  switch (text[0]) {
    case '!':
      return `(?!${any}${after}${rest})[^/]*?${after}`;
    case '@':
      return any + after;
    default:
      return `${any}${text[0]!}${after}`;
  }
}

const classes: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '0-9',
  alnum: '\\p{L}0-9',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  space: '\\s',
};

function setSource(negation: string, members: string): string {
  const body = members.replace(
    /\[:(\w+):\]|\\(.)|([\]\\[&~^])/gsu,
    (_, name?: string, escaped?: string, special?: string) =>
      name === undefined ? literal((escaped ?? special)!) : (classes[name] ?? ''),
  );
  try {
    const set = `[${negation && '^'}${body}]`;
    new RegExp(set, 'u');
    return set;
  } catch {
    // A range that runs backwards holds nothing.
    return '(?!)';
  }
}

function literal(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** What a text with braces stands for, without them. */
function alternatives(text: string): string[] {
  const done: string[] = [];
  const open = [text];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const made = expandFirst(next);
    if (made === undefined) done.push(next);
    else open.push(...made.reverse());
    if (done.length + open.length > MOST_ALTERNATIVES) {
      throw new RangeError(`it stands for more than ${MOST_ALTERNATIVES} patterns`);
    }
  }
  return done;
}

/** The texts that come of the first braces that mean something; undefined where there are none. */
function expandFirst(text: string): string[] | undefined {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '{') {
      const end = closing(text, at, '{', '}');
      if (end < 0) continue;
      const inside = text.slice(at + 1, end);
      const parts = rangeOf(inside) ?? splitUnescaped(inside, ',');
      if (parts.length > 1) return parts.map((part) => text.slice(0, at) + part + text.slice(end + 1));
    }
  }
  return undefined;
}

function rangeOf(text: string): string[] | undefined {
  const [, first, last] = /^(-?\d+)\.\.(-?\d+)$/.exec(text) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const count = Math.abs(Number(last) - Number(first)) + 1;
  const step = Number(last) < Number(first) ? -1 : 1;
  // As in a shell, a leading zero asks for numbers of one width.
  const width = /^-?0\d/.test(first) || /^-?0\d/.test(last) ? Math.max(first.length, last.length) : 0;
  return Array.from({ length: Math.min(count, MOST_ALTERNATIVES + 1) }, (_, i) =>
    `${Number(first) + i * step}`.padStart(width, '0'),
  );
}

/** Where the bracket that opens at `from` is closed; -1 if it is not. */
function closing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === open) depth += 1;
    else if (text[at] === close && --depth === 0) return at;
  }
  return -1;
}

/** Splits at a character that is neither escaped nor inside of brackets. */
function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let [start, depth] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\\') at += 1;
    else if (separator !== '/' && '{('.includes(character)) depth += 1;
    else if (separator !== '/' && '})'.includes(character)) depth -= 1;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
