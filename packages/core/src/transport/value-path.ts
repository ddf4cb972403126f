import { preview } from './preview.js';

/** A value and where it was met: its parent's place and the step from there, such as `.name` or `[3]`. */
export interface Place {
  readonly value: unknown;
  readonly step: string;
  readonly parent: Place | undefined;
}

const MAX_STEPS = 40;

/** The path as JavaScript would write it: `result[3].name`, `.get("key")` of a map, `.values()[2]` of a set. */
export function renderPath(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) steps.push(at.step);
  steps.reverse();
  if (steps.length > MAX_STEPS) steps.splice(MAX_STEPS / 2, steps.length - MAX_STEPS, ' … ');
  return steps.join('');
}

export function propertyStep(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${quote(key)}]`;
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

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);
}
