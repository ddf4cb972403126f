/**
 * `npm run test:page [-- --required] [-- folder]`: looks at pages of runs in a headless Chromium: that their scripts run without
 * an error and ask for nothing, that drawings are there, that nothing is wider than the window, by day and by night, narrow and
 * wide, and that an open page follows its run. Screenshots go to the folder, to be looked at. Without a browser (the variable
 * CHROMIUM, or one on the PATH) it says that it was skipped.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { findBrowser, openBrowser } from './page/browser.mjs';
import { root } from './run-command.mjs';
import { setup } from './setup.mjs';

const isRequired = process.argv.includes('--required');
const [shots] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const looks = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];
const counts = { passed: 0, failed: 0 };

const path = findBrowser();
if (path === undefined) {
  console.log('SKIPPED: there is no Chromium on the PATH, nor in the variable CHROMIUM');
  process.exit(isRequired ? 1 : 0);
}
await setup();
// Beside the examples the packages resolve.
const program = join(root, 'examples', '.page-runs.mjs');
const folder = mkdtempSync(join(tmpdir(), 'forkfold-pages-'));
const browser = await openBrowser(path);
try {
  copyFileSync(join(root, 'scripts', 'page', 'runs.mjs'), program);
  await lookAt('eventful');
  await lookAt('many');
  await followLive();
} finally {
  await browser.close();
  rmSync(program);
  rmSync(folder, { recursive: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function run(name, file) {
  return promisify(execFile)(process.execPath, [program, name, file]);
}

async function lookAt(name) {
  const file = join(folder, `${name}.html`);
  await run(name, file);
  const page = await browser.openPage();
  for (const look of looks) {
    const title = `${name}, ${look.width} wide, ${look.scheme}`;
    await page.show(pathToFileURL(file).href, look);
    const [drawn, wide, tall, milliseconds] = await page.evaluate(
      `[Number(document.documentElement.dataset.drawn), document.documentElement.scrollWidth,
        document.documentElement.scrollHeight, performance.getEntriesByType('navigation')[0].loadEventEnd]`,
    );
    expect(`${title}: draws`, drawn >= 3);
    expect(`${title}: is no wider than the window`, wide <= look.width);
    const [x, y] = await page.evaluate(`(() => {
      const plot = document.querySelector('#plot-timeline .u-over');
      plot.scrollIntoView({ block: 'center' });
      const { left, top } = plot.getBoundingClientRect();
      return [left, top];
    })()`);
    await page.point(x + 30, y + 10);
    const words = await page.evaluate(`document.getElementById('timeline-readout').textContent`);
    expect(`${title}: says what is under the pointer`, /child \d/.test(words), words);
    console.log(`${title}: ${Math.round(milliseconds)} ms to open ${statSync(file).size} bytes`);
    if (shots === undefined) continue;
    mkdirSync(resolve(shots), { recursive: true });
    await page.show(pathToFileURL(file).href, { ...look, height: Math.min(tall, 6000) });
    writeFileSync(join(resolve(shots), `${name}-${look.width}-${look.scheme}.png`), await page.screenshot());
  }
  expect(`${name}: no error`, page.errors.length === 0, page.errors.join('\n'));
  const others = page.requests.filter((url) => !url.startsWith('file:') || !url.endsWith(`${name}.html`));
  expect(`${name}: asks for nothing`, others.length === 0, others.join('\n'));
}

/** An open page is loaded anew while the run is under way, and is at rest when it is over. */
async function followLive() {
  const file = join(folder, 'live.html');
  const running = run('live', file);
  while (statSync(file, { throwIfNoEntry: false }) === undefined) await sleep(50);
  const page = await browser.openPage();
  await page.show(pathToFileURL(file).href, looks[0]);
  expect('live: says that it is under way', (await badge(page)) === 'under way');
  await page.nextLoad();
  const first = await page.evaluate(`document.querySelector('.tile strong').textContent`);
  await page.nextLoad();
  const second = await page.evaluate(`document.querySelector('.tile strong').textContent`);
  expect('live: goes on', first !== second, `${first}, then ${second}`);
  writeFileSync(join(folder, 'stop'), '');
  await running;
  await page.nextLoad();
  expect('live: ends', (await badge(page)) === 'done');
  const isOver = await page.evaluate(`new Promise((done) => setTimeout(() => done('stayed'), 2500))`);
  expect('live: is loaded no more', isOver === 'stayed');
  expect('live: no error', page.errors.length === 0, page.errors.join('\n'));
}

function badge(page) {
  return page.evaluate(`document.querySelector('.badge').textContent`);
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function expect(what, isRight, more = '') {
  counts[isRight ? 'passed' : 'failed'] += 1;
  if (!isRight) console.error(`FAILED ${what}: ${more}`);
}
