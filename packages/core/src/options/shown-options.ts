import { isRecord } from '../checks/is-record.js';
import { preview } from '../values/preview.js';
import type { OptionRow } from './option-rows.js';
import { optionRows } from './option-rows.js';
import type { Settings } from './settings.js';

/** The options of a run in words, for whoever looks at its report: of `env` the names only, since values may be secrets. */
export function shownOptions(settings: Settings): Record<string, string> {
  const rows: Readonly<Record<string, OptionRow>> = optionRows;
  const given = Object.entries(settings as unknown as Record<string, unknown>);
  const shown = given.filter(([name, value]) => value !== undefined && rows[name]?.isInternal !== true);
  return Object.fromEntries(shown.map(([name, value]) => [name, inWords(name, value)]));
}

function inWords(name: string, value: unknown): string {
  if (name === 'env' && isRecord(value)) return Object.keys(value as object).join(', ');
  if (typeof value === 'string') return preview(value, 300).slice(1, -1);
  if (typeof value === 'function') return 'a function';
  // A pool, a signal, an engine, a reporter: what is in them says little.
  if (isRecord(value) && name !== 'onError' && !Array.isArray(value)) return 'given';
  return preview(value, 300);
}
