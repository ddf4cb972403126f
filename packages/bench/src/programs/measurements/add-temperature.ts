import type { Summary } from './verdict.js';

/** What a plain loop does with each row. */
export function addTemperature(stations: Map<string, Summary>, name: string, temperature: number): void {
  const found = stations.get(name);
  if (found === undefined) {
    stations.set(name, { min: temperature, max: temperature, sum: temperature, count: 1 });
    return;
  }
  if (temperature < found.min) found.min = temperature;
  if (temperature > found.max) found.max = temperature;
  found.sum += temperature;
  found.count += 1;
}
