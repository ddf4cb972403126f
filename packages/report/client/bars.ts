import uPlot from 'uplot';
import type { Bars } from '../src/page-data.js';
import { axis, colour, plot } from './plot.js';
import { textOf, type Ticks } from './ticks.js';

/** Draws bars with a label each. */
export function bars({ id, labels, heights }: Bars, what: string, ticks: Ticks): { destroy(): void }[] {
  const label = (place: number): string => (Number.isInteger(place) ? (labels[place] ?? '') : '');
  return plot(
    id,
    190,
    {
      scales: {
        x: { time: false, range: () => [-0.6, labels.length - 0.4] },
        y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] },
      },
      cursor: { drag: { x: false, y: false } },
      axes: [
        axis((values) => values.map(label), { incrs: [1, 2, 5, 10, 20, 50], space: 76 }),
        axis(ticks, { size: 62 }),
      ],
      series: [
        { label: what === 'chunks' ? 'about' : 'rank', value: (_, place) => label(place) },
        {
          label: what,
          stroke: colour('stage-0'),
          fill: colour('bar'),
          width: 1,
          points: { show: false },
          paths: uPlot.paths.bars!({ size: [0.92, 60], align: 0 }),
          value: (_, value) => textOf(ticks, value),
        },
      ],
    },
    [labels.map((_, i) => i), [...heights]],
  );
}
