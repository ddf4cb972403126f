import type uPlot from 'uplot';
import { axis, colour, plot, timeAxis } from './plot.js';
import { textOf, timeTicks, type Ticks } from './ticks.js';

/** A side, as the library numbers them. */
const RIGHT = 1;

/** A curve over the time of the run. */
export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly ticks: Ticks;
  /** Number of its colour. */
  readonly colour: number;
}

/** Draws curves over time; those with other units than the first have an axis on the right. */
export function curves(id: string, at: readonly number[], given: readonly Curve[]): { destroy(): void }[] {
  const [first] = given;
  const shown = given.filter(({ values }) => values.some((value) => value > 0));
  if (first === undefined || shown.length === 0 || at.length < 2) return [];
  const scaleOf = (curve: Curve): string => (curve.ticks === first.ticks ? 'y' : 'y2');
  const second = shown.find((curve) => scaleOf(curve) === 'y2');
  const fromZero: uPlot.Scale = { range: (_, __, most) => [0, Math.max(1, most * 1.1)] };
  return plot(
    id,
    220,
    {
      scales: { x: { time: false }, y: fromZero, y2: fromZero },
      cursor: { sync: { key: 'time' } },
      axes: [
        timeAxis(),
        axis(first.ticks, { size: 62 }),
        ...(second
          ? [
              Object.assign(axis(second.ticks, { scale: 'y2', size: 62, grid: { show: false } }), {
                side: RIGHT,
              }),
            ]
          : []),
      ],
      series: [
        { label: 'time', value: (_, value) => textOf(timeTicks, value) },
        ...shown.map((curve): uPlot.Series => ({
          label: curve.name,
          scale: scaleOf(curve),
          stroke: colour(`stage-${curve.colour}`),
          width: 2,
          points: { show: false },
          value: (_, value) => textOf(curve.ticks, value),
        })),
      ],
    },
    [[...at], ...shown.map(({ values }) => [...values])],
  );
}
