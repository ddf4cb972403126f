import { escapeControls, preview } from './preview.js';

/** A value and where it was met: its parent's place and the step from there, such as `.name` or `[3]`. */
export interface Place {
  readonly value: unknown;
  readonly step: string;
  readonly parent: Place | undefined;
}

const MAX_STEPS = 40;
/** Longer paths are cut in the middle. */
const MAX_LENGTH = 300;
/** Longer names are cut at the end. */
const MAX_NAME = 100;

/** The path as JavaScript would write it: `result[3].name`, `.get("key")` of a map, `.values()[2]` of a set. */
export function renderPath(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) steps.push(at.step);
  steps.reverse();
  if (steps.length > MAX_STEPS) steps.splice(MAX_STEPS / 2, steps.length - MAX_STEPS, ' … ');
  return shortPath(steps.join(''));
}

/** A path with what a terminal would obey escaped, of bounded length. Both of its ends say more than its middle. */
export function shortPath(path: string): string {
  const half = MAX_LENGTH / 2;
  return escapeControls(path.length > MAX_LENGTH ? `${path.slice(0, half)} … ${path.slice(-half)}` : path);
}

export function propertyStep(key: string): string {
  const isName = key.length <= MAX_NAME && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key);
  return isName ? `.${key}` : `[${quote(key)}]`;
}

export function indexStep(index: number): string {
  return `[${index}]`;
}

export function mapKeyStep(index: number): string {
  return `.keys()[${index}]`;
}

export function mapValueStep(key: unknown): string {
  return `.get(${typeof key === 'string' ? quote(key) : preview(key, 40)})`;
}

export function setMemberStep(index: number): string {
  return `.values()[${index}]`;
}

/** A string as JavaScript would write it, its beginning if it is long. */
export function quote(text: string): string {
  return escapeControls(JSON.stringify(text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text));
}
