import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { csv, from, jsonLines, textLines, type Dataset } from '@forkfold/core';
import type { Format } from './command-line.js';
import { stdinLines } from './stdin-lines.js';
import { UsageError } from './usage-error.js';

/** What the files of a command line hold: datasets, or why there are none. */
export interface Sources {
  readonly lines: Dataset<string> | Missing;
  readonly rows: Dataset<unknown> | Missing;
  /** What a job is given: rows where the files have some, else lines; undefined where no file is named. */
  readonly records: Dataset<unknown> | undefined;
}

/** Why a name of the expression means nothing here. */
export interface Missing {
  readonly missing: string;
}

/** @throws UsageError where stdin is named besides files; and where a package is not installed. */
export async function sourcesOf(paths: readonly string[], format: Format | undefined): Promise<Sources> {
  if (paths.includes('-') && paths.length > 1) {
    throw new UsageError('"-" stands for stdin, and cannot be read besides files: name one or the other');
  }
  if (paths[0] === '-' || (paths.length === 0 && !process.stdin.isTTY)) {
    return ofStdin(format);
  }
  if (paths.length === 0) {
    const missing = { missing: 'no file is named: name some, or pipe text into it' };
    return { lines: missing, rows: missing, records: undefined };
  }
  return ofFiles(paths, format);
}

function ofStdin(format: Format = 'text'): Sources {
  const lines = from(stdinLines);
  if (format === 'text') {
    const missing = 'stdin is read as text: give --format jsonl, or name files';
    return { lines, rows: { missing }, records: lines };
  }
  if (format !== 'jsonl') {
    throw new UsageError(
      `stdin cannot be read as ${format}, whose rows do not end with lines: write it to a file, and name that`,
    );
  }
  const rows = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown);
  return { lines, rows, records: rows };
}

async function ofFiles(paths: readonly string[], format: Format | undefined): Promise<Sources> {
  const byFormat = new Map<Format, string[]>();
  for (const path of paths) {
    const found = format ?? formatOf(path);
    byFormat.set(found, [...(byFormat.get(found) ?? []), path]);
  }
  const lines: Sources['lines'] = byFormat.has('parquet')
    ? { missing: 'a Parquet file has no lines: use rows' }
    : textLines([...paths]);
  const texts = byFormat.get('text');
  if (texts !== undefined) {
    const missing = `the ending of ${texts[0]!} says nothing of rows: use lines, or give --format`;
    return { lines, rows: { missing }, records: 'missing' in lines ? undefined : lines };
  }
  const parts: Dataset<unknown>[] = [];
  for (const [each, files] of byFormat) parts.push(await rowsOf(each, files));
  const [first, ...others] = parts;
  const rows = others.length === 0 ? first! : first!.union(...others);
  return { lines, rows, records: rows };
}

const formatsByEnding: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
};

/** By the ending of a path or glob, without that of a compression. */
function formatOf(path: string): Format {
  const ending = /\.(\w+)$/.exec(path.toLowerCase().replace(/\.(gz|br|zst)$/, ''))?.[1];
  return formatsByEnding[ending ?? ''] ?? 'text';
}

async function rowsOf(format: Format, paths: string[]): Promise<Dataset<unknown>> {
  switch (format) {
    case 'csv':
      return csv(paths);
    case 'tsv':
      return csv(paths, { delimiter: '\t' });
    case 'jsonl':
      return jsonLines(paths);
    case 'parquet':
      return (await parquetPackage()).parquet(paths);
    case 'text':
      return textLines(paths);
  }
}

interface ParquetPackage {
  parquet(paths: string[]): Dataset<unknown>;
}

async function parquetPackage(): Promise<ParquetPackage> {
  const name = '@forkfold/parquet';
  // A command that is installed for all projects finds the package in the folder that it is called in.
  for (const place of [import.meta.url, join(process.cwd(), 'command.js')]) {
    const found = resolved(name, place);
    if (found !== undefined) return (await import(pathToFileURL(found).href)) as ParquetPackage;
  }
  throw new UsageError(`Parquet files need the package ${name}: npm install ${name}`);
}

function resolved(name: string, place: string): string | undefined {
  try {
    return createRequire(place).resolve(name);
  } catch {
    return undefined;
  }
}
