import type { RunSnapshot, StageDetails, StageReport } from '@forkfold/core';
import { bucketBars } from '../bucket-bars.js';
import { html, type Markup } from '../markup.js';
import { asTable, drawing, section, table } from '../table.js';
import { timeBars } from '../time-bars.js';
import { inBytes, inNumbers, inPercent, inTime, so } from '../words.js';

/** How long chunks took, which took longest, and how evenly keys are spread. */
export function chunks({ report, details }: RunSnapshot): Markup {
  const times = report.stages.flatMap((stage, i) => timesOf(stage, details[i], i));
  const skew = report.stages.flatMap((stage, i) => skewOf(stage, details[i], i));
  return html`<div class="pair">
    ${times.length > 0 && section('times', 'How long chunks took', html`${times}`)}
    ${skew.length > 0 && section('skew', 'How evenly keys are spread', html`${skew}`)}
  </div>`;
}

function timesOf(stage: StageReport, details: StageDetails | undefined, i: number): Markup[] {
  const { chunkSeconds, slowest, sink } = stage;
  const [bars] = details === undefined ? [] : timeBars(details, i);
  if (slowest.length === 0) return [];
  const { median, p95, max } = chunkSeconds;
  const words = `half took ${inTime(median)} or less, 95 % ${inTime(p95)} or less, the longest ${inTime(max)}`;
  const rows = slowest.map(({ chunk, seconds, records, file, start, end }) => [
    `${chunk}`,
    inTime(seconds),
    inNumbers(records),
    file === undefined
      ? ''
      : `${file}${start === undefined ? '' : `, bytes ${start} to ${end ?? 'its end'}`}`,
  ]);
  const heads = ['Chunk', 'Time', 'Records', 'Where'];
  return [
    html`<h3>Stage ${i + 1}: ${sink}</h3>
      <p>${words}.</p>`,
    bars === undefined
      ? html``
      : html`${drawing(bars.id, `Distribution of the times of the chunks of stage ${i + 1}: ${words}`)}
        ${asTable(
          bars.id,
          table(
            'How many chunks took about how long',
            ['About', 'Chunks'],
            bars.labels.map((label, bar) => [label, inNumbers(bars.heights[bar]!)]),
          ),
        )}`,
    html`<details>
      <summary>The slowest</summary>
      ${table('The slowest chunks', heads, rows, { numbers: ['Time', 'Records'] })}
    </details>`,
  ];
}

function skewOf(stage: StageReport, details: StageDetails | undefined, i: number): Markup[] {
  const [bars] = details === undefined ? [] : bucketBars(details, i);
  const { largestBucket, sink } = stage;
  if (bars === undefined && largestBucket === undefined) return [];
  const heaviest = largestBucket && [
    html`<p>
      The heaviest key is <b class="key">${largestBucket.key}</b>, with about
      ${so(largestBucket.records, 'record')}, ${inPercent(largestBucket.share)} of all.
    </p>`,
  ];
  const sizes = details?.bucketBytes ?? [];
  const mean = sizes.reduce((sum, bytes) => sum + bytes, 0) / Math.max(1, sizes.length);
  const words = `${so(sizes.length, 'bucket')}, ${inBytes(mean)} on average, ${inBytes(Math.max(0, ...sizes))} the largest`;
  return [
    html`<h3>Stage ${i + 1}: ${sink}</h3>
      ${heaviest}`,
    bars === undefined
      ? html``
      : html`<p>${words}.</p>
          ${drawing(bars.id, `Sizes of the buckets of stage ${i + 1}, the largest first: ${words}`)}
          ${asTable(
            bars.id,
            table(
              'Sizes of buckets, the largest first',
              ['Rank', 'Size'],
              bars.labels.slice(0, 50).map((label, bar) => [label, inBytes(bars.heights[bar]!)]),
            ),
          )}`,
  ];
}
