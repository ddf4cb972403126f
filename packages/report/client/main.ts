import type { PageData } from '../src/page-data.js';
import { bars } from './bars.js';
import { curves } from './curves.js';
import { follow } from './follow.js';
import { byteTicks, countTicks } from './ticks.js';
import { timeline } from './timeline.js';

/** Draws what the page holds as data, again when the colours change, and follows the run. */
const data = JSON.parse(document.getElementById('data')!.textContent) as PageData;

let drawn: { destroy(): void }[] = [];

function draw(): void {
  for (const plot of drawn) plot.destroy();
  const { samples } = data;
  drawn = [
    ...timeline('plot-timeline', data),
    ...curves('plot-speed', samples.at, [
      { name: 'records a second', values: samples.recordsPerSecond, ticks: countTicks, colour: 0 },
      { name: 'bytes a second', values: samples.bytesPerSecond, ticks: byteTicks, colour: 1 },
    ]),
    ...curves('plot-memory', samples.at, [
      { name: 'children', values: samples.childBytes, ticks: byteTicks, colour: 0 },
      { name: 'this process', values: samples.parentBytes, ticks: byteTicks, colour: 1 },
      { name: 'spilled so far', values: samples.spilledBytes, ticks: byteTicks, colour: 2 },
    ]),
    ...data.times.flatMap((shown) => bars(shown, 'chunks', countTicks)),
    ...data.buckets.flatMap((shown) => bars(shown, 'size', byteTicks)),
  ];
}

draw();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
follow(data);
document.documentElement.dataset['drawn'] = String(drawn.length);
