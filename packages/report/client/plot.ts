import uPlot from 'uplot';
import { timeTicks, type Ticks } from './ticks.js';

/** A colour of the page, as it is now: by day or by night. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** An axis in the page's colours. */
export function axis(ticks: Ticks, more: uPlot.Axis = {}): uPlot.Axis {
  const lines = { stroke: colour('grid'), width: 1 };
  return {
    stroke: colour('quiet'),
    font: '12px system-ui, sans-serif',
    grid: lines,
    ticks: lines,
    values: (_, values) => ticks(values),
    ...more,
  };
}

/** The axis of time, in seconds since the run began. */
export function timeAxis(): uPlot.Axis {
  return axis(timeTicks, { space: 70 });
}

/** Draws in the element of this id, as wide as it is; nothing where there is no such element. */
export function plot(
  id: string,
  height: number,
  options: Omit<uPlot.Options, 'width' | 'height'>,
  data: uPlot.AlignedData,
): { destroy(): void }[] {
  const place = document.getElementById(id);
  if (place === null) return [];
  const size = (): { width: number; height: number } => ({ width: Math.max(200, place.clientWidth), height });
  const drawn = new uPlot({ ...options, ...size() }, data, place);
  const watch = new ResizeObserver(() => drawn.setSize(size()));
  watch.observe(place);
  return [
    {
      destroy() {
        watch.disconnect();
        drawn.destroy();
      },
    },
  ];
}
