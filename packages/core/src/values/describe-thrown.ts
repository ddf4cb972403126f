import { escapeControls, preview } from './preview.js';
import { tryOr } from './try-or.js';

/** What was thrown, whatever it is, in the words of a report. */
export interface DescribedThrown {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Name, code and message of whatever was thrown, control characters escaped. Never throws. */
export function describeThrown(thrown: unknown): DescribedThrown {
  return {
    name: textIn(thrown, 'name') ?? typeof thrown,
    code: textIn(thrown, 'code') ?? '',
    message: textIn(thrown, 'message') ?? preview(thrown),
  };
}

/** `TypeError: no such thing`, at most 500 characters, or a preview of what has no name and message. Never throws. */
export function summarizeThrown(thrown: unknown): string {
  const [name, message] = [textIn(thrown, 'name'), textIn(thrown, 'message')];
  if (name === undefined || message === undefined) return preview(thrown);
  return `${name}: ${message}`.slice(0, 500);
}

/** As `String` gives it, or a preview of what it cannot read. Never throws. */
export function textOfThrown(thrown: unknown): string {
  return tryOr(
    () => String(thrown),
    () => preview(thrown),
  );
}

function textIn(thrown: unknown, name: 'name' | 'code' | 'message'): string | undefined {
  return tryOr(
    () => {
      const value = (thrown as Partial<Record<string, unknown>>)[name];
      return typeof value === 'string' ? escapeControls(value) : undefined;
    },
    // A hostile getter says nothing.
    () => undefined,
  );
}
