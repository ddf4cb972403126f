import { optionRows, type OptionRow } from '@forkfold/core/engine';

/** A flag of the command line. */
export interface Flag {
  /** As it is written, without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in a help; a flag without one is a switch. */
  readonly value?: string;
  readonly doc: string;
  readonly isRepeated?: boolean;
  /** The option of `run` that it sets. */
  readonly option?: { readonly name: string; readonly row: OptionRow };
}

/** Flags that the command itself knows. */
export const ownFlags: readonly Flag[] = [
  { name: 'expression', short: 'e', value: 'TEXT', doc: 'run this expression in place of a job' },
  {
    name: 'param',
    short: 'p',
    value: 'NAME=VALUE',
    doc: 'a parameter by its name; VALUE is JSON, or a text',
    isRepeated: true,
  },
  { name: 'top', short: 't', value: 'N', doc: 'the N largest: pairs by their value, others by themselves' },
  {
    name: 'format',
    short: 'f',
    value: 'NAME',
    doc: 'of FILES: text, csv, tsv, jsonl, parquet; else by ending',
  },
  {
    name: 'output',
    short: 'o',
    value: 'NAME',
    doc: 'table, jsonl or csv; jsonl where stdout is no terminal',
  },
  { name: 'help', short: 'h', doc: 'this page' },
  { name: 'version', short: 'v', doc: 'the version' },
];

/** The options of a run that a text can give, as core's table has them. */
export const runFlags: readonly Flag[] = Object.entries(optionRows)
  .filter(([, row]) => row.fromText !== undefined && row.isInternal !== true)
  .map(([name, row]) => ({
    name: kebab(name),
    ...(row.textForm !== undefined && { value: row.textForm }),
    doc: row.doc,
    option: { name, row },
  }));

export const flags: readonly Flag[] = [...ownFlags, ...runFlags];

/** What other tools call flags, and what they are called here. */
export const flagsElsewhere: ReadonlyMap<string, string> = new Map(
  runFlags.flatMap(({ name, option }) =>
    [option!.name, ...(option!.row.elsewhere ?? [])].map((other) => [other.toLowerCase(), name] as const),
  ),
);

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
