import type { RunSnapshot, TaskSpan } from '@forkfold/core';
import { html, type Markup } from '../markup.js';
import { asTable, drawing, section, table } from '../table.js';
import { sampleColumns } from '../to-page-data.js';
import { inBytes, inNumbers, inTime, so } from '../words.js';

/** Rows of a table that stands for a curve. */
const ROWS = 20;
/** So many of the attempts that were lost are listed. */
const LOST = 100;

/** Who worked on what and when; how fast; in how much memory. */
export function course(snapshot: RunSnapshot): Markup {
  return html`${timeline(snapshot)}${curves(snapshot)}`;
}

function timeline({ report, spans }: RunSnapshot): Markup {
  if (spans.length === 0) return html``;
  const lost = spans.filter(({ outcome }) => outcome === 'died' || outcome === 'timeout');
  const retries = spans.filter(({ isRetry }) => isRetry).length;
  const attempts = spans.reduce((sum, span) => sum + span.attempts, 0);
  const slots = new Set(spans.map(({ slot }) => slot)).size;
  const label =
    `Timeline: ${so(attempts, 'attempt')} at tasks in ${so(slots, 'place')}, over ${inTime(report.seconds)}; ` +
    `${lost.length} ended by a death or a timeout, ${retries} were retries`;
  const joined =
    attempts > spans.length && html`<p class="note">Neighbours are joined, since there are many.</p>`;
  return section(
    'timeline',
    'Timeline',
    html`<ul class="legend">
        ${report.stages.map((stage, i) => html`<li class="stage-${i % 8}">stage ${i + 1}: ${stage.sink}</li>`)}
        <li class="mark died">death</li>
        <li class="mark timeout">timeout</li>
        <li class="mark retry">retry</li>
        <li class="mark failed">error</li>
      </ul>
      ${joined} ${drawing('plot-timeline', label)}
      <p class="readout" id="timeline-readout">Drag to look closer, double-click for the whole.</p>
      ${lost.length > 0 && table('Attempts that were lost', ['Place', 'When', 'Stage', 'Chunk', 'How'], lost.slice(0, LOST).map(lostRow))}
      ${asTable('timeline', childrenTable(report))}`,
  );
}

function lostRow({ slot, end, stage, chunk, outcome, death }: TaskSpan): string[] {
  const how = outcome === 'died' ? (death ?? 'died') : outcome;
  return [`${slot + 1}`, inTime(end), `${stage + 1}`, chunk < 0 ? 'fold' : `${chunk}`, how];
}

function childrenTable({ children, parent }: RunSnapshot['report']): Markup {
  const heads = [
    'Process',
    'Tasks',
    'Busy',
    'Idle',
    'Moving results',
    'Collecting garbage',
    'Memory, at most',
  ];
  const rows = children.map((child) => [
    `${child.pid}`,
    inNumbers(child.tasks),
    ...[child.busySeconds, child.idleSeconds, child.serializeSeconds, child.gcSeconds].map(inTime),
    inBytes(child.peakBytes),
  ]);
  const { busySeconds, idleSeconds, peakBytes } = parent;
  rows.push(['this process', '', inTime(busySeconds), inTime(idleSeconds), '', '', inBytes(peakBytes)]);
  return table('What each process did', heads, rows);
}

function curves({ samples }: RunSnapshot): Markup {
  const { at, recordsPerSecond, bytesPerSecond, childBytes, parentBytes, spilledBytes, busy } =
    sampleColumns(samples);
  if (at.length < 2) return html``;
  const every = Math.ceil(at.length / ROWS);
  const numbers = at.map((_, i) => i).filter((i) => i % every === 0 || i === at.length - 1);
  const most = (values: readonly number[]): number => Math.max(...values);
  const speed = `Speed over time: at most ${inNumbers(most(recordsPerSecond))} records and ${inBytes(most(bytesPerSecond))} a second`;
  const memory = `Memory over time: children at most ${inBytes(most(childBytes))}, this process ${inBytes(most(parentBytes))}`;
  return html`<div class="pair">
    ${section(
      'speed',
      'Throughput',
      html`${drawing('plot-speed', speed)}
      ${asTable(
        'speed',
        table(
          'Speed over time',
          ['Time', 'Records a second', 'Bytes a second', 'Children at work'],
          numbers.map((i) => [
            inTime(at[i]!),
            inNumbers(recordsPerSecond[i]!),
            inBytes(bytesPerSecond[i]!),
            `${busy[i]!}`,
          ]),
        ),
      )}`,
    )}
    ${section(
      'memory',
      'Memory',
      html`${drawing('plot-memory', memory)}
      ${asTable(
        'memory',
        table(
          'Memory over time',
          ['Time', 'Children', 'This process', 'Spilled so far'],
          numbers.map((i) => [
            inTime(at[i]!),
            ...[childBytes[i]!, parentBytes[i]!, spilledBytes[i]!].map(inBytes),
          ]),
        ),
      )}`,
    )}
  </div>`;
}
