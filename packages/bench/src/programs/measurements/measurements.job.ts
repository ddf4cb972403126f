import { defineJob, type Aggregator, type Dataset } from '@forkfold/core';
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

function merged(a: Summary, b: Summary): Summary {
  return {
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    count: a.count + b.count,
  };
}

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

/** The same from blocks of bytes, in tenths of a degree: no text is made of a number, and none of a line. */
export const fromBytes = defineJob(import.meta.url, (blocks: Dataset<Uint8Array>) =>
  blocks
    .mapPartitions((parts) => {
      const stations = new Map<string, Summary>();
      for (const part of parts) addRows(stations, part);
      return Array.from(stations, ([name, found]): [string, Summary] => [
        Buffer.from(name, 'latin1').toString(),
        found,
      ]);
    })
    .reduceByKey(merged)
    .toMap(),
);

const [LF, DOT, SEMICOLON, MINUS, ZERO] = [0x0a, 0x2e, 0x3b, 0x2d, 0x30] as const;

/** Names are kept byte by byte: what is not ASCII is decoded once a station, not once a row. */
function addRows(stations: Map<string, Summary>, block: Uint8Array): void {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  for (let at = 0; at < bytes.length; at += 1) {
    const semicolon = bytes.indexOf(SEMICOLON, at);
    const name = bytes.toString('latin1', at, semicolon);
    at = semicolon + 1;
    const isNegative = bytes[at] === MINUS;
    let tenths = 0;
    for (let byte = bytes[isNegative ? (at += 1) : at]!; byte !== LF; byte = bytes[(at += 1)]!) {
      if (byte !== DOT) tenths = tenths * 10 + byte - ZERO;
    }
    if (isNegative) tenths = -tenths;
    const found = stations.get(name);
    if (found === undefined) {
      stations.set(name, { min: tenths, max: tenths, sum: tenths, count: 1 });
      continue;
    }
    if (tenths < found.min) found.min = tenths;
    if (tenths > found.max) found.max = tenths;
    found.sum += tenths;
    found.count += 1;
  }
}
