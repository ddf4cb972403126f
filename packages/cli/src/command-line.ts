import { parseArgs } from 'node:util';
import type { RunOptions } from '@forkfold/core';
import { suggestName } from '@forkfold/core/engine';
import { flags, flagsElsewhere, type Flag } from './flags.js';
import { UsageError } from './usage-error.js';

export const commands = ['run', 'explain', 'doctor', 'help'] as const;
export type CommandName = (typeof commands)[number];

export const formats = ['text', 'csv', 'tsv', 'jsonl', 'parquet'] as const;
export type Format = (typeof formats)[number];

export const outputs = ['table', 'jsonl', 'csv'] as const;
export type OutputName = (typeof outputs)[number];

/** What a command line asks for. */
export interface CommandLine {
  readonly command: CommandName;
  /** What follows the command: the job, unless there is an expression, and the files. */
  readonly words: readonly string[];
  readonly expression: string | undefined;
  readonly params: ReadonlyMap<string, unknown>;
  readonly top: number | undefined;
  readonly format: Format | undefined;
  readonly output: OutputName | undefined;
  readonly wantsVersion: boolean;
  readonly options: RunOptions;
}

/** @throws UsageError for a word that it does not know, or a value that cannot be one. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { words, values } = tokensOf(argv);
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  const expression = last('expression');
  const command = values.has('help') ? 'help' : commandOf(words, expression);
  const isNamed = (commands as readonly string[]).includes(words[0] ?? '');
  return {
    command,
    words: isNamed ? words.slice(1) : words,
    expression,
    params: paramsOf(values.get('param') ?? []),
    top: countOf('top', last('top')),
    format: oneOf('format', last('format'), formats),
    output: oneOf('output', last('output'), outputs),
    wantsVersion: values.has('version'),
    options: optionsOf(values),
  };
}

interface Tokens {
  readonly words: readonly string[];
  /** The values of each flag that was given, in order. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

function tokensOf(argv: readonly string[]): Tokens {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      flags.map(({ name, short, value }) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(short && { short }) } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { flag, value } = flagOf(token.name, token.rawName, token.value);
    const before = values.get(flag.name) ?? [];
    if (before.length > 0 && flag.isRepeated !== true) {
      throw new UsageError(`--${flag.name} is given twice: give it once`);
    }
    values.set(flag.name, [...before, value]);
  }
  return { words, values };
}

function flagOf(name: string, rawName: string, value: string | undefined): { flag: Flag; value: string } {
  const flag = flags.find((one) => one.name === name);
  if (flag !== undefined) {
    if (flag.value === undefined) {
      if (value !== undefined && flag.option === undefined) throw new UsageError(`--${name} takes no value`);
      return { flag, value: value ?? 'true' };
    }
    if (value === undefined || value === '')
      throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}`);
    return { flag, value };
  }
  const negated = name.startsWith('no-') ? flags.find((one) => one.name === name.slice(3)) : undefined;
  if (negated?.option !== undefined && negated.value === undefined && value === undefined) {
    return { flag: negated, value: 'false' };
  }
  const known = flags.map((one) => one.name);
  const suggestion = suggestName(name, known, flagsElsewhere);
  const remedy = suggestion.startsWith('did')
    ? suggestion.replace(/"(.*)"/, '"--$1"')
    : '"forkfold --help" and "forkfold help options" show all';
  throw new UsageError(`Unknown option "${rawName}": ${remedy}`);
}

function commandOf(words: readonly string[], expression: string | undefined): CommandName {
  const [first] = words;
  const named = commands.find((name) => name === first);
  if (named !== undefined) return named;
  if (expression !== undefined) return 'run';
  if (first === undefined) return 'help';
  if (/#|\.[cm]?[jt]s$/.test(first)) {
    throw new UsageError(`Unknown command "${first}": did you mean "forkfold run ${first}"?`);
  }
  throw new UsageError(`Unknown command "${first}": ${suggestName(first, commands)}`);
}

function paramsOf(given: readonly string[]): Map<string, unknown> {
  const params = new Map<string, unknown>();
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`Expected --param NAME=VALUE, such as minLength=3, got "${text}"`);
    const name = text.slice(0, at);
    if (params.has(name)) throw new UsageError(`The parameter "${name}" is given twice: give it once`);
    params.set(name, jsonOrText(text.slice(at + 1)));
  }
  return params;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function countOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`Expected --${name} to be an integer of at least 1, got "${text}"`);
}

function oneOf<T extends string>(name: string, text: string | undefined, known: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`Unknown --${name} "${text}": ${suggestName(text, known)}`);
}

/** Core checks the values: what it says names the options as in a program. */
function optionsOf(values: ReadonlyMap<string, readonly string[]>): RunOptions {
  const given = flags.flatMap(({ name, option }) => {
    const text = values.get(name)?.at(-1);
    return option === undefined || text === undefined ? [] : [[option.name, option.row.fromText!(text)]];
  });
  return Object.fromEntries(given) as RunOptions;
}
