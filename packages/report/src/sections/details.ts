import type { RunSnapshot } from '@forkfold/core';
import { html, type Markup } from '../markup.js';
import { section, table } from '../table.js';
import { inBytes, inNumbers, so } from '../words.js';

/** So many records that were left out are listed. */
const LISTED = 100;
/** So many of them are seen at once. */
const SEEN = 10;

type SkippedRecord = RunSnapshot['report']['skipped']['records'][number];

/** Records that were left out, what was counted and written, versions and options. */
export function details({ report, options, machine }: RunSnapshot): Markup {
  const { skipped, counters, output, engine, restored } = report;
  const counted = Object.entries(counters);
  const facts: [string, string][] = [
    ['forkfold', machine.forkfold],
    ['Node.js', machine.node],
    ['System', `${machine.system}, ${machine.cores} cores`],
    ['Process', `${machine.pid}`],
    ['Began', report.start],
    ...(engine ? [['Engine', `${engine.name} ${engine.applicationId ?? ''}`] as [string, string]] : []),
    ...(output
      ? [
          [
            'Written',
            `${output.directory}: ${inNumbers(output.records)} records, ${inBytes(output.bytes)}`,
          ] as [string, string],
        ]
      : []),
    ...(restored.chunks > 0
      ? [
          ['Restored', `${inNumbers(restored.chunks)} chunks, ${inNumbers(restored.records)} records`] as [
            string,
            string,
          ],
        ]
      : []),
  ];
  return html`${skipped.count > 0 && skippedSection(skipped)}
    ${
      counted.length > 0 &&
      section(
        'counters',
        'Counters',
        table(
          'What functions have counted',
          ['Counter', 'Value'],
          counted.map(([name, value]) => [name, String(value)]),
        ),
      )
    }
    <div class="pair">
      ${section('machine', 'Where it runs', table('Versions and machine', ['What', 'Value'], facts, { numbers: [] }))}
      ${section(
        'options',
        'Options',
        table('Options of the run', ['Option', 'Value'], Object.entries(options), { numbers: [] }),
      )}
    </div>`;
}

function skippedSection({ count, records }: RunSnapshot['report']['skipped']): Markup {
  const shown = records.slice(0, LISTED);
  const rows = shown.map((record) => [record.verb, placeOf(record), record.preview, record.error]);
  const listed = (some: readonly string[][]): Markup =>
    table('Records left out', ['Verb', 'Where', 'Record', 'Error'], some, { numbers: [] });
  const rest = rows.slice(SEEN);
  return section(
    'skipped',
    'Records left out',
    html`<p>
        ${so(count, 'record')}${count > shown.length && `, of which the first ${shown.length} are listed`}.
      </p>
      ${listed(rows.slice(0, SEEN))}
      ${
        rest.length > 0 &&
        html`<details id="skipped-more">
          <summary>More</summary>
          ${listed(rest)}
        </details>`
      }`,
  );
}

function placeOf(record: SkippedRecord): string {
  const { chunk, file, line, index } = record;
  if (file !== undefined) return `${file}${line === undefined ? '' : `:${line}`}`;
  return `chunk ${chunk}${index === undefined ? '' : `, record ${index}`}`;
}
