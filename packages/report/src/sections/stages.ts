import type { RunSnapshot, StageReport } from '@forkfold/core';
import { html, type Markup } from '../markup.js';
import { section, table } from '../table.js';
import { inBytes, inNumbers, inTime } from '../words.js';
import { stageDrawing } from './stage-drawing.js';

/** What the run is made of: a drawing of its stages, and their numbers. */
export function stages(snapshot: RunSnapshot): Markup {
  const { report } = snapshot;
  if (report.stages.length === 0) return html``;
  const heads = ['Stage', 'Chunks', 'Records in', 'Records out', 'Bytes in', 'Bytes out', 'Spilled', 'Time'];
  const times = ['Chunk, median', 'Chunk, 95 %', 'Chunk, longest'];
  const row = (stage: StageReport, i: number): string[] => [
    `${i + 1}: ${stage.inputs.map((verbs) => verbs.join(', ')).join(' and ')}, ${stage.sink}`,
    ...[stage.chunks, stage.recordsIn, stage.recordsOut].map(inNumbers),
    ...[stage.bytesIn, stage.bytesOut, stage.spilledBytes].map(inBytes),
    ...[stage.seconds, stage.chunkSeconds.median, stage.chunkSeconds.p95, stage.chunkSeconds.max].map(inTime),
  ];
  return section(
    'stages',
    'Stages',
    html`<div class="scroll" tabindex="0" role="region" aria-label="Drawing of the stages">
        ${stageDrawing(snapshot)}
      </div>
      ${table('What each stage took in and gave', [...heads, ...times], report.stages.map(row))}`,
  );
}
