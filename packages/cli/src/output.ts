import type { OutputName } from './command-line.js';

/** Makes text of records, one after the other. */
export interface Format {
  text(record: unknown): string;
  /** What is still to be written. */
  end(): string;
}

/** The output of a run, as it is chosen or as it suits who reads it. */
export function formatOf(output: OutputName | undefined): Format {
  switch (output ?? (process.stdout.isTTY ? 'table' : 'jsonl')) {
    case 'jsonl':
      return { text: (record) => `${toJson(record)}\n`, end: () => '' };
    case 'csv':
      return csvFormat();
    case 'table':
      return tableFormat();
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(plain(value ?? null));
}

/** What JSON has no word for, in words that it has: a BigInt is a text, a map an array of entries, a set one of elements. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) {
    return [...(value as unknown as Iterable<unknown>)].map(plain);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** The first record names the columns. */
function csvFormat(): Format {
  let columns: readonly string[] | undefined;
  let count = 0;
  const row = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\n`;
  return {
    text(record) {
      count += 1;
      if (!isObject(record)) return row(cellsOf(record));
      const isFirst = columns === undefined;
      columns ??= Object.keys(record);
      const other = Object.keys(record).find((key) => !columns!.includes(key));
      if (other !== undefined) {
        throw new Error(
          `Record ${count} has "${other}", which the first one lacks, so CSV has no column for it: use --output jsonl`,
        );
      }
      return `${isFirst ? row(columns) : ''}${row(columns.map((key) => record[key]))}`;
    },
    end: () => '',
  };
}

function csvCell(value: unknown): string {
  const text = cellText(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Records whose widths those of all others are taken from: a table of any length is written as it comes. */
const LOOKED_AT = 100;
/** A cell of a table is no wider. */
const WIDEST = 60;

function tableFormat(): Format {
  let first: unknown[] | undefined = [];
  let widths: number[] = [];
  let columns: readonly string[] | undefined;
  const cells = (record: unknown): string[] => {
    const values = isObject(record) ? (columns ?? []).map((key) => record[key]) : cellsOf(record);
    return values.map((value) => shortened(cellText(value)));
  };
  const line = (texts: readonly string[]): string =>
    `${texts.map((text, i) => text.padEnd(i < texts.length - 1 ? (widths[i] ?? 0) : 0)).join('  ')}\n`;
  const begin = (): string => {
    const records = first ?? [];
    first = undefined;
    const keys = new Set(records.filter(isObject).flatMap((record) => Object.keys(record)));
    if (keys.size > 0) columns = [...keys];
    const rows = [...(columns === undefined ? [] : [[...columns]]), ...records.map(cells)];
    const most = Math.max(0, ...rows.map((row) => row.length));
    widths = Array.from({ length: most }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
    return rows.map(line).join('');
  };
  return {
    text(record) {
      if (first === undefined) return line(cells(record));
      first.push(record);
      return first.length < LOOKED_AT ? '' : begin();
    },
    end: () => (first === undefined ? '' : begin()),
  };
}

function shortened(text: string): string {
  // A control character would move what follows it.
  const shown = text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
  return shown.length > WIDEST ? `${shown.slice(0, WIDEST - 1)}…` : shown;
}

function isObject(record: unknown): record is Record<string, unknown> {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return false;
  const prototype = Object.getPrototypeOf(record) as unknown;
  return prototype === Object.prototype || prototype === null;
}

function cellsOf(record: unknown): readonly unknown[] {
  return Array.isArray(record) ? record : [record];
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return toJson(value);
  return typeof value === 'symbol' ? value.toString() : `${value as string | number | bigint | boolean}`;
}
