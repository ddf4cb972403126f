import { lineBlocks, type Part } from '../line-blocks.js';
import { addTemperature } from './add-temperature.js';
import type { Summary } from './verdict.js';

/** What a competent user writes without a library: the summaries of the stations in a part of a file, and its number of rows. */
export function summariesOf(path: string, part: Part): { stations: Map<string, Summary>; rows: number } {
  const stations = new Map<string, Summary>();
  let rows = 0;
  for (const block of lineBlocks(path, part)) {
    for (const line of block.split('\n')) {
      const at = line.indexOf(';');
      addTemperature(stations, line.slice(0, at), Number(line.slice(at + 1)));
      rows += 1;
    }
  }
  return { stations, rows };
}
