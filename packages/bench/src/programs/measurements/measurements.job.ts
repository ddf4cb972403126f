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
      const temperatures = new Temperatures();
      for (const part of parts) temperatures.addRows(part);
      return temperatures.summaries();
    })
    .reduceByKey(merged)
    .toMap(),
);

const [LF, DOT, MINUS, ZERO] = [0x0a, 0x2e, 0x2d, 0x30];
/** A byte in each byte of a word. */
const [ONES, HIGHS, SEMICOLONS] = [0x01010101, 0x80808080, 0x3b3b3b3b];
/** The challenge has at most 10,000 stations, with names of up to 100 bytes. */
const [PLACES, MOST, WORDS] = [2 ** 15, 10_000, 26];

/** Bytes of a block, which may be read a few bytes beyond its end. */
let bytes = new Uint8Array();
let view = new DataView(bytes.buffer);

function read(block: Uint8Array): void {
  const { length } = block;
  if (bytes.length < length + 8) {
    bytes = new Uint8Array(2 * length + 8);
    view = new DataView(bytes.buffer);
  }
  bytes.set(block);
}

/** Names that this process has met, by their bytes: their texts, hashes and words, and their numbers by open addressing. */
const names: string[] = [];
const hashes = new Int32Array(MOST);
const words = new Int32Array(MOST * WORDS);
const places = new Int16Array(PLACES).fill(-1);

/** The number of the name in the bytes from one on, up to another one. */
function numberOf(start: number, end: number, hash: number): number {
  for (let place = (hash ^ (hash >>> 15)) & (PLACES - 1); ; place = (place + 1) & (PLACES - 1)) {
    const number = places[place]!;
    if (number < 0) return (places[place] = added(start, end, hash));
    if (hashes[number] !== hash) continue;
    let word = number * WORDS;
    let at = start;
    for (; at + 4 <= end && words[word] === view.getInt32(at, true); word += 1) at += 4;
    if (at + 4 > end && words[word] === lastWord(at, end)) return number;
  }
}

function added(start: number, end: number, hash: number): number {
  const number = names.push(new TextDecoder().decode(bytes.subarray(start, end))) - 1;
  hashes[number] = hash;
  let word = number * WORDS;
  let at = start;
  for (; at + 4 <= end; at += 4) words[word++] = view.getInt32(at, true);
  words[word] = lastWord(at, end);
  return number;
}

/** None to three bytes, and zeros. */
function lastWord(at: number, end: number): number {
  return view.getInt32(at, true) & ((1 << (8 * (end - at))) - 1);
}

/** Takes the next four bytes of a name, the first the lowest, into its hash. */
function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x85ebca6b);
  return product ^ (product >>> 13);
}

/** The lowest and highest temperature of each name by its number, their sum and their count. */
class Temperatures {
  #found = new Float64Array(4 * 1024);

  addRows(block: Uint8Array): void {
    read(block);
    for (let at = 0; at < block.length; at += 1) {
      const start = at;
      let hash = 0;
      let word = view.getInt32(at, true);
      // The highest bit of each byte that is a semicolon, up to the first one: Mycroft's test.
      let found = semicolonsIn(word);
      for (; found === 0; found = semicolonsIn(word)) {
        hash = mixed(hash, word);
        at += 4;
        word = view.getInt32(at, true);
      }
      const bits = 24 - Math.clz32(found & -found);
      at += bits >>> 3;
      const number = numberOf(start, at, mixed(hash, word & ((1 << bits) - 1)));
      at += 1;
      const minus = bytes[at] === MINUS ? 1 : 0;
      at += minus;
      let tenths = 0;
      for (let byte = bytes[at]!; byte !== LF; byte = bytes[(at += 1)]!) {
        if (byte !== DOT) tenths = tenths * 10 + byte - ZERO;
      }
      this.#add(number, tenths * (1 - 2 * minus));
    }
  }

  summaries(): [string, Summary][] {
    const all: [string, Summary][] = [];
    for (const [number, name] of names.entries()) {
      const [min = 0, max = 0, sum = 0, count = 0] = this.#found.subarray(4 * number, 4 * number + 4);
      if (count > 0) all.push([name, { min, max, sum, count }]);
    }
    return all;
  }

  #add(number: number, tenths: number): void {
    if (4 * number >= this.#found.length) {
      const more = new Float64Array(2 * this.#found.length);
      more.set(this.#found);
      this.#found = more;
    }
    const found = this.#found;
    const at = 4 * number;
    const isFirst = found[at + 3] === 0;
    if (isFirst || tenths < found[at]!) found[at] = tenths;
    if (isFirst || tenths > found[at + 1]!) found[at + 1] = tenths;
    found[at + 2]! += tenths;
    found[at + 3]! += 1;
  }
}

function semicolonsIn(word: number): number {
  const differing = word ^ SEMICOLONS;
  return (differing - ONES) & ~differing & HIGHS;
}
