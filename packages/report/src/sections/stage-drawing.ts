import type { RunSnapshot, StageReport } from '@forkfold/core';
import { html, type Markup } from '../markup.js';
import { inBytes, inNumbers, inTime } from '../words.js';

const BOX = { width: 210, gap: 130, line: 22, head: 30, foot: 44, between: 24, pad: 8 };

interface Placed {
  readonly number: number;
  readonly stage: StageReport;
  readonly lines: readonly string[];
  readonly x: number;
  y: number;
  readonly height: number;
}

/** The stages as boxes with their verbs, the later to the right, joined by arrows as thick as what they hand on is large. */
export function stageDrawing({ report, details }: RunSnapshot): Markup {
  const from = details.map((stage) => stage.from.filter((number) => number !== undefined));
  const placed = place(report.stages, from);
  const width = Math.max(...placed.map(({ x }) => x)) + BOX.width + BOX.pad;
  const height = Math.max(...placed.map(({ y, height: own }) => y + own)) + BOX.pad;
  const most = Math.max(1, ...report.stages.map(({ bytesOut }) => bytesOut));
  const arrows = placed.flatMap((to) =>
    (from[to.number] ?? []).flatMap((number) => {
      const start = placed[number];
      return start === undefined ? [] : [arrow(start, to, most)];
    }),
  );
  const label = report.stages
    .map((stage, i) => `Stage ${i + 1}: ${linesOf(stage, i, from).join(', ')}`)
    .join('. ');
  return html`<svg
    class="stages"
    role="img"
    aria-label="${label}"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    <defs>
      <marker
        id="head"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="9"
        markerHeight="9"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path class="head" d="M0 0 8 4 0 8z" />
      </marker>
    </defs>
    ${arrows} ${placed.map(box)}
  </svg>`;
}

/** A stage stands in the column behind those of which it reads. */
function place(all: readonly StageReport[], from: readonly (readonly number[])[]): Placed[] {
  const depths: number[] = [];
  const tops: number[] = [];
  return all.map((stage, number) => {
    const before = (from[number] ?? []).map((earlier) => (depths[earlier] ?? 0) + 1);
    const depth = Math.max(0, ...before);
    depths.push(depth);
    const lines = linesOf(stage, number, from);
    const height = BOX.head + lines.length * BOX.line + BOX.foot;
    const y = tops[depth] ?? BOX.pad;
    tops[depth] = y + height + BOX.between;
    return { number, stage, lines, x: BOX.pad + depth * (BOX.width + BOX.gap), y, height };
  });
}

function linesOf(stage: StageReport, number: number, from: readonly (readonly number[])[]): string[] {
  const inputs = stage.inputs.map((verbs) => verbs.join(' → '));
  // What reads a keyed verb's buckets begins with its name.
  const isLater = (from[number] ?? []).length > 0;
  const first = isLater ? inputs.map((input) => `merge ${input}`) : inputs;
  return [...first.flatMap(wrapped), `⇒ ${stage.sink}`];
}

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + word.length > 26) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function box({ number, stage, lines, x, y, height }: Placed): Markup {
  const foot = y + height - BOX.foot + 16;
  return html`<g class="stage">
    <rect x="${x}" y="${y}" width="${BOX.width}" height="${height}" rx="8" />
    <text class="title" x="${x + 12}" y="${y + 21}">Stage ${number + 1}</text>
    <text class="time" x="${x + BOX.width - 12}" y="${y + 21}" text-anchor="end"
      >${inTime(stage.seconds)}</text
    >
    ${lines.map(
      (line, i) =>
        html`<text class="verb" x="${x + 12}" y="${y + BOX.head + 14 + i * BOX.line}">${line}</text>`,
    )}
    <text class="size" x="${x + 12}" y="${foot}"
      >in: ${inNumbers(stage.recordsIn)} records, ${inBytes(stage.bytesIn)}</text
    >
    <text class="size" x="${x + 12}" y="${foot + 17}"
      >out: ${inNumbers(stage.recordsOut)} records, ${inBytes(stage.bytesOut)}</text
    >
  </g>`;
}

function arrow(from: Placed, to: Placed, most: number): Markup {
  const [x1, y1] = [from.x + BOX.width, from.y + from.height / 2];
  const [x2, y2] = [to.x - 2, to.y + to.height / 2];
  const bend = (x1 + x2) / 2;
  const thick = 1.5 + 6 * Math.sqrt(from.stage.bytesOut / most);
  return html`<g class="arrow">
    <path
      d="M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}"
      stroke-width="${thick.toFixed(1)}"
      marker-end="url(#head)"
    />
    <text x="${bend}" y="${Math.min(y1, y2) + Math.abs(y2 - y1) / 2 - 10}" text-anchor="middle"
      >${inBytes(from.stage.bytesOut)}</text
    >
  </g>`;
}
