import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { counter, from, range } from '@forkfold/core';
import { htmlReport } from '@forkfold/report';
import { directory, readPage } from './harness.js';

const place = directory();
const file = (): string => join(place.path, 'run.html');
const hostile = '</script><script>alert(1)</script><img src=x onerror="alert(2)">\u2028\u202e\u0000&amp;';

it('shows a run of two stages: its numbers, drawing, timeline, times and keys', async () => {
  await range(10_000)
    .map((n) => [n % 10, 1] as [number, number])
    .reduceByKey((a, b) => a + b)
    .toArray()
    .run({ processes: 2, chunkSize: 500, partitions: 4, report: file() });
  const { document, data } = await readPage(file());
  expect(document.querySelector('.badge')!.textContent).toBe('done');
  expect(document.querySelectorAll('svg.stages .stage')).toHaveLength(2);
  expect(document.querySelectorAll('svg.stages .arrow')).toHaveLength(1);
  expect(document.querySelector('svg.stages')!.textContent).toContain('range → map');
  expect(data.sinks).toEqual(['reduceByKey', 'collect']);
  expect(data.spans.chunks.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(21);
  expect(data.samples.at.length).toBeGreaterThan(0);
  expect(data.times[0]!.heights.reduce((a, b) => a + b, 0)).toBe(20);
  expect(data.buckets[0]!.heights.every((bytes, i, all) => i === 0 || bytes <= all[i - 1]!)).toBe(true);
  expect(document.querySelector('#skew .key')!.textContent).toMatch(/^\d$/);
  expect(await place.names()).toEqual(['run.html']);
});

it('gives each drawing a name and a table', async () => {
  await range(10_000)
    .map((n) => [n % 10, 1] as [number, number])
    .reduceByKey((a, b) => a + b)
    .toArray()
    .run({ processes: 1, chunkSize: 500, partitions: 4, report: file() });
  const { document } = await readPage(file());
  const drawings = document.querySelectorAll('.plot');
  expect(drawings.length).toBeGreaterThanOrEqual(4);
  for (const drawing of drawings) {
    expect(drawing.getAttribute('role')).toBe('img');
    expect(drawing.getAttribute('aria-label')).toMatch(/\d/);
    const id = drawing.getAttribute('id')!.replace('plot-', '');
    expect(document.querySelectorAll(`#${id}-table td`).length).toBeGreaterThan(0);
  }
  for (const section of document.querySelectorAll('section')) {
    const title = section.getAttribute('aria-labelledby')!;
    expect(document.querySelector(`#${title}`)!.textContent).not.toBe('');
  }
});

it('shows data as text, whatever it holds', async () => {
  await from([hostile, 'b', 'c'])
    .map((text) => {
      if (text === 'b') throw new Error(`bad </script><script>alert(3)</script> ${text}`);
      return text;
    })
    .countByValue()
    .toArray()
    .run({ processes: 1, onError: 'skip', env: { NAME: 'not to be shown' }, report: file() });
  const { document, data, text } = await readPage(file());
  expect(document.querySelectorAll('script')).toHaveLength(2);
  expect(document.querySelectorAll('img')).toHaveLength(0);
  expect(text).not.toMatch(/[\u0000\u2028\u202e]/);
  expect(document.querySelector('#skipped')!.textContent).toContain('bad </script><script>alert(3)</script>');
  expect(text).not.toContain('not to be shown');
  expect(document.querySelector('#options')!.textContent).toContain('NAME');
  expect(data.sinks).toEqual(['countByValue', 'collect']);
});

it('allows no script but its own, and loads nothing', async () => {
  await range(10).count().run({ processes: 0, report: file() });
  const { document, text } = await readPage(file());
  const policy = document.querySelector('meta[http-equiv=Content-Security-Policy]')!.getAttribute('content')!;
  const [, script] = /<script>([^]*?)<\/script>/.exec(text)!;
  expect(policy).toContain(`'sha256-${createHash('sha256').update(script!).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
  expect(document.querySelectorAll('[src], link')).toHaveLength(0);
});

it('tells of a failure', async () => {
  const run = range(10)
    .map((n) => {
      if (n === 5) throw new Error('<b>no five</b>');
      return n;
    })
    .toArray()
    .run({ processes: 1, report: htmlReport(file()) });
  await expect(run).rejects.toThrow('no five');
  const { document } = await readPage(file());
  expect(document.querySelector('.badge')!.textContent).toBe('failed');
  expect(document.querySelector('#error')!.textContent).toContain('<b>no five</b>');
});

it('shows deaths and retries', async () => {
  const died = join(place.path, 'died');
  await range(10)
    .mapAsync(async (n) => {
      const { existsSync: exists, writeFileSync } = await import('node:fs');
      if (n === 5 && !exists(process.env['DIED']!)) {
        writeFileSync(process.env['DIED']!, '');
        process.kill(process.pid, 'SIGKILL');
      }
      return n;
    })
    .toArray()
    .run({ processes: 1, chunkSize: 1, env: { DIED: died }, report: file() });
  const { document, data } = await readPage(file());
  expect(existsSync(died)).toBe(true);
  expect(Object.values(data.spans.deaths)).toEqual(['SIGKILL']);
  expect(data.spans.retry.filter((one) => one === 1).length).toBeGreaterThanOrEqual(1);
  expect(document.querySelector('#timeline')!.textContent).toContain('SIGKILL');
});

it('is there while the run is under way, and says so', async () => {
  const seen: string[] = [];
  let version = 0;
  const records = (async function* () {
    // The page is the event that the source waits for.
    while (!existsSync(file())) {
      yield 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    seen.push(await readFile(file(), 'utf8'));
    ({ mtimeMs: version } = await stat(file()));
  })();
  await from(records)
    .map((n) => {
      counter('seen').add(n);
      return n;
    })
    .count()
    .run({ processes: 1, chunkSize: 1, report: file() });
  expect(seen[0]).toContain('under way');
  expect(seen[0]).toContain('http-equiv="refresh"');
  const { document, data } = await readPage(file());
  expect(data.isUnderWay).toBe(false);
  expect(document.querySelector('#follow')).toBeNull();
  expect(document.querySelector('#counters')!.textContent).toContain('seen');
  expect((await stat(file())).mtimeMs).toBeGreaterThan(version);
});

it('refuses a folder that does not exist, before the run', async () => {
  const report = join(place.path, 'none', 'run.html');
  await expect(range(10).count().run({ report })).rejects.toThrow('name a file in a directory that exists');
});
