import type uPlot from 'uplot';
import { OUTCOMES, type PageData } from '../src/page-data.js';
import { axis, colour, plot, timeAxis } from './plot.js';
import { inTime } from './ticks.js';

/** Height of a child's row in CSS pixels: less where there are many. */
const ROW = { most: 30, least: 5, all: 560 };
/** Colours of stages; more stages begin anew. */
const COLOURS = 8;

/** Draws a row for each place that a child has, with its tasks, and marks for what went wrong. */
export function timeline(id: string, data: PageData): { destroy(): void }[] {
  const { spans, seconds } = data;
  const slots = [...new Set(spans.slot)].sort((a, b) => a - b);
  if (slots.length === 0) return [];
  const rowOf = new Map(slots.map((slot, row) => [slot, row]));
  const height = Math.max(ROW.least, Math.min(ROW.most, ROW.all / slots.length));
  const label = (row: number): string => (slots[row] === undefined ? '' : `child ${slots[row] + 1}`);
  return plot(
    id,
    70 + height * slots.length,
    {
      legend: { show: false },
      cursor: { y: false, points: { show: false }, sync: { key: 'time' } },
      scales: { x: { time: false }, y: { dir: -1, range: () => [-0.5, slots.length - 0.5] } },
      axes: [
        timeAxis(),
        axis((values) => values.map(label), { size: 74, incrs: [1, 2, 5, 10, 20, 50, 100], space: 14 }),
      ],
      series: [{}, { show: true, stroke: 'transparent', points: { show: false } }],
      hooks: {
        draw: [(drawn) => drawSpans(drawn, data, rowOf)],
        setCursor: [(drawn) => tell(drawn, data, slots)],
      },
    },
    [
      [0, Math.max(1e-3, seconds)],
      [null, null],
    ],
  );
}

function drawSpans(drawn: uPlot, { spans }: PageData, rowOf: ReadonlyMap<number, number>): void {
  const { ctx, bbox } = drawn;
  const xOf = (at: number): number => drawn.valToPos(at, 'x', true);
  const row = Math.abs(drawn.valToPos(1, 'y', true) - drawn.valToPos(0, 'y', true));
  const fills = Array.from({ length: COLOURS }, (_, i) => colour(`stage-${i}`));
  const [error, died, timeout, retry, ink] = ['failed', 'died', 'timeout', 'retry', 'paper'].map(colour);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const tall = Math.max(2, row * 0.72);
  for (let i = 0; i < spans.start.length; i += 1) {
    const [left, right] = [xOf(spans.start[i]!), xOf(spans.end[i]!)];
    if (right < bbox.left || left > bbox.left + bbox.width) continue;
    const top = drawn.valToPos(rowOf.get(spans.slot[i]!)!, 'y', true) - tall / 2;
    const width = Math.max(1, right - left);
    const outcome = OUTCOMES[spans.outcome[i]!];
    ctx.globalAlpha = outcome === 'running' || outcome === 'cancelled' ? 0.45 : 1;
    ctx.fillStyle = outcome === 'error' ? error! : fills[spans.stage[i]! % COLOURS]!;
    ctx.fillRect(left, top, width, tall);
    // Neighbours of one colour are told apart by a line, where there is room for it.
    if (width > 4) {
      ctx.fillStyle = ink!;
      ctx.fillRect(right - 1, top, 1, tall);
    }
  }
  ctx.globalAlpha = 1;
  for (let i = 0; i < spans.start.length; i += 1) {
    const y = drawn.valToPos(rowOf.get(spans.slot[i]!)!, 'y', true);
    const outcome = OUTCOMES[spans.outcome[i]!];
    if (outcome === 'died') cross(ctx, xOf(spans.end[i]!), y, died!);
    if (outcome === 'timeout') cross(ctx, xOf(spans.end[i]!), y, timeout!);
    if (spans.retry[i] === 1) triangle(ctx, xOf(spans.start[i]!), y, retry!);
  }
  ctx.restore();
}

const mark = (): number => 5 * devicePixelRatio;

function cross(ctx: CanvasRenderingContext2D, x: number, y: number, stroke: string): void {
  const size = mark();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = size / 2;
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x - size, y + size);
  ctx.lineTo(x + size, y - size);
  ctx.stroke();
}

function triangle(ctx: CanvasRenderingContext2D, x: number, y: number, fill: string): void {
  const size = mark();
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + 1.6 * size, y);
  ctx.lineTo(x, y + size);
  ctx.fill();
}

/** Says what is under the pointer. */
function tell(drawn: uPlot, { spans, sinks }: PageData, slots: readonly number[]): void {
  const place = document.getElementById('timeline-readout');
  const { left = -1, top = -1 } = drawn.cursor;
  if (place === null || left < 0 || top < 0) return;
  const at = drawn.posToVal(left, 'x');
  const slot = slots[Math.round(drawn.posToVal(top, 'y'))];
  const i = spans.slot.findIndex((own, n) => own === slot && spans.start[n]! <= at && at <= spans.end[n]!);
  if (i < 0) {
    place.textContent = `${inTime(at)}: child ${(slot ?? 0) + 1} waits`;
    return;
  }
  const many = spans.chunks[i]!;
  const what =
    spans.chunk[i]! < 0 ? 'folding' : `chunk ${spans.chunk[i]}${many > 1 ? ` and ${many - 1} more` : ''}`;
  const how = spans.deaths[i] ?? OUTCOMES[spans.outcome[i]!];
  place.textContent =
    `${inTime(spans.start[i]!)} to ${inTime(spans.end[i]!)}: child ${slot! + 1}, stage ${spans.stage[i]! + 1} ` +
    `(${sinks[spans.stage[i]!]}), ${what}, ${spans.records[i]!.toLocaleString('en-US')} records, ${how}`;
}
