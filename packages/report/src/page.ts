import { createHash } from 'node:crypto';
import type { RunSnapshot } from '@forkfold/core';
import { script, style } from './assets.js';
import { html, jsonInPage, Markup } from './markup.js';
import { chunks } from './sections/chunks.js';
import { course } from './sections/course.js';
import { details } from './sections/details.js';
import { overview } from './sections/overview.js';
import { stages } from './sections/stages.js';
import { toPageData } from './to-page-data.js';

/** Nothing is loaded, and no script runs but the page's own, whatever the data says. */
const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** The policy holds for this very text. */
const ownScript = new Markup(`<script>${script}</script>`);

/** The whole page of a run as it stands: tables and words are there without a script, which draws. */
export function pageOf(snapshot: RunSnapshot): string {
  const { isUnderWay } = snapshot;
  const title = titleOf(snapshot);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${isUnderWay && html`<noscript><meta http-equiv="refresh" content="2" /></noscript>`}
        <title>${title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        ${header(snapshot, title)}
        <main>
          ${overview(snapshot)} ${stages(snapshot)} ${course(snapshot)} ${chunks(snapshot)}
          ${details(snapshot)}
        </main>
        <script type="application/json" id="data">
          ${jsonInPage(toPageData(snapshot))}
        </script>
        ${ownScript}
      </body>
    </html> `.text;
}

function titleOf({ isUnderWay, report: { outcome } }: RunSnapshot): string {
  if (isUnderWay) return 'forkfold: a run under way';
  return `forkfold: a run that ${{ ok: 'succeeded', failed: 'failed', aborted: 'was aborted' }[outcome]}`;
}

function header({ isUnderWay, report: { outcome, start } }: RunSnapshot, title: string): Markup {
  const [kind, words] = isUnderWay
    ? ['running', 'under way']
    : [outcome, { ok: 'done', failed: 'failed', aborted: 'aborted' }[outcome]];
  return html`<header>
    <h1 title="${title}">forkfold <span class="badge ${kind}" role="status">${words}</span></h1>
    <p class="when">
      begun <time datetime="${start}">${start.replace('T', ' ').replace(/\..*/, ' UTC')}</time>
    </p>
    ${
      isUnderWay &&
      html`<p class="follow">
        <label><input type="checkbox" id="follow" checked /> follow</label>
        <span id="news" role="status"></span>
      </p>`
    }
  </header>`;
}
