import { LineWriter } from './line-writer.js';
import { randomNumbers } from './random-numbers.js';
import { verdict, type Summary } from '../programs/measurements/verdict.js';

const STATIONS = 413;

/** Writes so many rows `station;temperature`, as the One Billion Row Challenge has them: names of about 12 letters, few of them not ASCII. */
export function writeMeasurements(path: string, rows: number): string {
  const random = randomNumbers(1);
  const stations = Array.from({ length: STATIONS }, (_, i) => ({
    name: nameOf(i, random),
    mean: random() * 450 - 100,
  }));
  const summaries = stations.map((): Summary => ({ min: Infinity, max: -Infinity, sum: 0, count: 0 }));
  const file = new LineWriter(path);
  for (let row = 0; row < rows; row += 1) {
    const i = Math.floor(random() * STATIONS);
    const { name, mean } = stations[i]!;
    // The sum of three is near enough to a bell; tenths of a degree are exact.
    const tenths = Math.round(mean + (random() + random() + random() - 1.5) * 200);
    file.add(`${name};${(tenths / 10).toFixed(1)}`);
    const summary = summaries[i]!;
    summary.min = Math.min(summary.min, tenths);
    summary.max = Math.max(summary.max, tenths);
    summary.sum += tenths;
    summary.count += 1;
  }
  file.close();
  const found = new Map(stations.map(({ name }, i) => [name, summaries[i]!]));
  return verdict(
    [...found].filter(([, { count }]) => count > 0),
    1,
  );
}

const CONSONANTS = 'bcdfghklmnprstvz';
const VOWELS = 'aeiou';

function nameOf(i: number, random: () => number): string {
  const pick = (letters: string): string => letters[Math.floor(random() * letters.length)]!;
  const syllables = 2 + Math.floor(random() * 6);
  let name = '';
  for (let n = 0; n < syllables; n += 1) name += pick(CONSONANTS) + pick(VOWELS);
  if (i % 20 === 0) name += 'ã';
  // The number makes it another name than all others.
  return `${name[0]!.toUpperCase()}${name.slice(1)} ${i.toString(36)}`;
}
