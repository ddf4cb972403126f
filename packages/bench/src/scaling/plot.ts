import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** How many times faster than one plain loop a work is with some number of cores, forecast or measured. */
export interface Point {
  readonly work: string;
  readonly cores: number;
  readonly least: number;
  readonly most: number;
}

/** What is drawn: forecasts as bands, those for larger inputs in another colour, and what was measured as dots. */
export interface Drawn {
  readonly forecasts: readonly Point[];
  readonly larger: readonly Point[];
  readonly measured: readonly Point[];
}

/** Draws one picture for each work. Returns SVG. */
export function plotScaling({ forecasts, larger, measured }: Drawn): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const works = [...new Set(forecasts.map(({ work }) => work))];
  const columns = 3;
  const place = ({ work }: Point): { fx: number; fy: number } => {
    const at = works.indexOf(work);
    return { fx: at % columns, fy: Math.floor(at / columns) };
  };
  const placed = (points: readonly Point[]): (Point & { fx: number; fy: number })[] =>
    points.map((point) => ({ ...point, ...place(point) }));
  const titles = works.map((work) => ({ work, ...place({ work } as Point) }));
  const svg = Plot.plot({
    document: document,
    width: 900,
    height: 40 + 190 * Math.ceil(works.length / columns),
    marginLeft: 45,
    x: { type: 'log', base: 2, label: 'cores, one process each', ticks: [1, 4, 16, 64], tickFormat: 'd' },
    y: { type: 'log', base: 2, label: 'times as fast as a plain loop', ticks: [1, 4, 16, 64], tickFormat: 'd', grid: true },
    fx: { axis: null },
    fy: { axis: null },
    style: { background: 'white', color: 'black', fontSize: '11px' },
    marks: [
      Plot.line(placed(forecasts), { x: 'cores', y: 'cores', fx: 'fx', fy: 'fy', stroke: '#ccc', strokeDasharray: '2,2' }),
      Plot.areaY(placed(larger), { x: 'cores', y1: 'least', y2: 'most', fx: 'fx', fy: 'fy', fill: 'darkorange', fillOpacity: 0.3 }),
      Plot.line(placed(larger), { x: 'cores', y: 'least', fx: 'fx', fy: 'fy', stroke: 'darkorange' }),
      Plot.areaY(placed(forecasts), { x: 'cores', y1: 'least', y2: 'most', fx: 'fx', fy: 'fy', fill: 'steelblue', fillOpacity: 0.35 }),
      Plot.line(placed(forecasts), { x: 'cores', y: 'least', fx: 'fx', fy: 'fy', stroke: 'steelblue' }),
      Plot.dot(placed(measured), { x: 'cores', y: 'most', fx: 'fx', fy: 'fy', fill: 'black', r: 3 }),
      Plot.text(titles, { text: 'work', fx: 'fx', fy: 'fy', frameAnchor: 'top-left', fontWeight: 'bold', dx: 4, dy: 4 }),
    ],
  }); // prettier-ignore
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}
