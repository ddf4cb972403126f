import { defineJob, type Aggregator, type Dataset } from '@forkfold/core';
import { merged } from './merged.js';
import type { Summary } from './verdict.js';

const summary: Aggregator<number, Summary> = {
  zero: () => ({ min: Infinity, max: -Infinity, sum: 0, count: 0 }),
  add(found, temperature) {
    if (temperature < found.min) found.min = temperature;
    if (temperature > found.max) found.max = temperature;
    found.sum += temperature;
    found.count += 1;
    return found;
  },
  merge: merged,
};

/** Temperatures by station, from lines. */
export const fromLines = defineJob(import.meta.url, (lines: Dataset<string>) =>
  lines
    .map((line): [string, number] => {
      const at = line.indexOf(';');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    })
    .aggregateByKey(summary)
    .toMap(),
);

export interface Measurement {
  readonly station: string;
  readonly temperature: number;
}

/** The same from rows. */
export const fromRows = defineJob(import.meta.url, (rows: Dataset<Measurement>) =>
  rows
    .map(({ station, temperature }): [string, number] => [station, temperature])
    .aggregateByKey(summary)
    .toMap(),
);

/** The same from blocks of bytes, in tenths of a degree: no text is made of a number or a line, and one of each name. */
export const fromBytes = defineJob(import.meta.url, (blocks: Dataset<Uint8Array>) =>
  blocks
    .mapPartitions((parts) => {
      const stations = new Stations();
      for (const part of parts) addRows(stations, part);
      return stations.summaries();
    })
    .reduceByKey(merged)
    .toMap(),
);

const [LF, DOT, SEMICOLON, MINUS, ZERO] = [0x0a, 0x2e, 0x3b, 0x2d, 0x30] as const;

/** The challenge has at most 10,000 stations. */
const PLACES = 2 ** 15;

interface Station {
  /** Of its name, as `addRows` computes it. */
  readonly hash: number;
  readonly name: Uint8Array;
  readonly summary: Summary;
}

/** Summaries by the bytes of names, by open addressing. */
class Stations {
  readonly #places = new Uint16Array(PLACES);
  readonly #all: Station[] = [];

  /** The summary of the station whose name begins at a byte and ends before another one. */
  summary(bytes: Uint8Array, start: number, end: number, hash: number): Summary {
    let place = hash & (PLACES - 1);
    for (let number = this.#places[place]!; number > 0; number = this.#places[place]!) {
      const station = this.#all[number - 1]!;
      if (station.hash === hash && isAt(bytes, start, end, station.name)) return station.summary;
      place = (place + 1) & (PLACES - 1);
    }
    const summary = { min: Infinity, max: -Infinity, sum: 0, count: 0 };
    this.#places[place] = this.#all.push({ hash, name: bytes.slice(start, end), summary });
    return summary;
  }

  summaries(): [string, Summary][] {
    const decoder = new TextDecoder();
    return this.#all.map(({ name, summary: found }) => [decoder.decode(name), found]);
  }
}

function isAt(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i += 1) if (bytes[start + i] !== name[i]) return false;
  return true;
}

function addRows(stations: Stations, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += 1) {
    const start = at;
    let hash = 0;
    for (let byte = bytes[at]!; byte !== SEMICOLON; byte = bytes[(at += 1)]!) {
      hash = Math.imul(hash ^ byte, 0x9e3779b1) ^ (hash >>> 15);
    }
    const found = stations.summary(bytes, start, at, hash);
    at += 1;
    const isNegative = bytes[at] === MINUS;
    let tenths = 0;
    for (let byte = bytes[isNegative ? (at += 1) : at]!; byte !== LF; byte = bytes[(at += 1)]!) {
      if (byte !== DOT) tenths = tenths * 10 + byte - ZERO;
    }
    if (isNegative) tenths = -tenths;
    if (tenths < found.min) found.min = tenths;
    if (tenths > found.max) found.max = tenths;
    found.sum += tenths;
    found.count += 1;
  }
}
