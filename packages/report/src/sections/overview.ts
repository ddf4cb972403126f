import type { RunSnapshot } from '@forkfold/core';
import { html, type Markup } from '../markup.js';
import { section } from '../table.js';
import { inBytes, inNumbers, inPercent, inTime, so } from '../words.js';

/** What a look should tell: how the run stands or ended, its numbers, what it met, and advice. */
export function overview(snapshot: RunSnapshot): Markup {
  const { report } = snapshot;
  return html`<div class="tiles" role="list">
      ${numbersOf(snapshot).map(
        ([name, value, more]) =>
          html`<div class="tile" role="listitem">
            <span class="name">${name}</span> <strong>${value}</strong> <span class="more">${more}</span>
          </div>`,
      )}
    </div>
    ${
      report.error &&
      section(
        'error',
        report.outcome === 'aborted' ? 'Why it was ended' : 'What went wrong',
        html`<p class="error-name">${report.error.name} ${report.error.code}</p>
          <pre class="error">${report.error.message}</pre>`,
      )
    }
    ${
      report.advice.length > 0 &&
      section(
        'advice',
        'Advice',
        html`<ul class="advice">
          ${report.advice.map(
            ({ code, text, remedy }) =>
              html`<li>
                <p>${text}.</p>
                <p class="remedy">${capital(remedy)}. <span class="code">${code}</span></p>
              </li>`,
          )}
        </ul>`,
      )
    }`;
}

function numbersOf({ report, samples }: RunSnapshot): [string, string, string][] {
  const { seconds, children, attempts, memory, skipped, restored, processes, stages } = report;
  const last = samples.at(-1);
  const [records, bytes] = [last?.records ?? 0, last?.bytes ?? 0];
  const busy = children.reduce((sum, child) => sum + child.busySeconds, 0);
  const spilled = stages.reduce((sum, stage) => sum + stage.spilledBytes, 0);
  const rate = (number: number): number => number / Math.max(1e-3, seconds);
  const lost = attempts.crashes + attempts.timeouts;
  return [
    ['Time', inTime(seconds), so(stages.length, 'stage')],
    ['Records read', inNumbers(records), `${inNumbers(rate(records))} a second`],
    ['Read', inBytes(bytes), `${inBytes(rate(bytes))} a second`],
    [
      'Children',
      inNumbers(processes),
      processes === 0 ? 'in its own process' : `busy ${inPercent(Math.min(1, busy / (seconds * processes)))}`,
    ],
    [
      'Memory, at most',
      inBytes(memory.childPeakBytes),
      `a child; this process ${inBytes(memory.parentPeakBytes)}`,
    ],
    ['Spilled', inBytes(spilled), `at most ${inBytes(report.temporaryDisk.peakBytes)} on the disk`],
    [
      'Attempts',
      inNumbers(attempts.total),
      `${so(attempts.retries, 'retry').replace('retrys', 'retries')}, ${lost} lost`,
    ],
    [
      'Left out',
      inNumbers(skipped.count),
      restored.chunks > 0 ? `${so(restored.chunks, 'chunk')} restored` : 'records',
    ],
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
