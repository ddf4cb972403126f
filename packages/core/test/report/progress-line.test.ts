import { expect, it } from '@jest/globals';
import type { Progress } from '../../src/report/progress.js';
import { progressLine, type Screen } from '../../src/report/progress-line.js';

const at = (seconds: number, records = 0): Progress => ({
  ...{ stage: 1, stages: 1, chunks: 1, totalChunks: 2, share: 0.5, eta: undefined, records, seconds },
  ...{ skipped: 0, bytes: 0, busy: 0, processes: 0, retries: 0, spilledBytes: 0, childBytes: 0, restored: 0 },
  counters: {},
});

function screenOf(screen: Partial<Screen> = {}): Screen & { text: string } {
  return {
    text: '',
    ...screen,
    write(text) {
      this.text += text;
    },
  };
}

it('writes plain lines at 1, 2, 5, 10, 20 and 30 seconds and each half minute, where there is no terminal', () => {
  const screen = screenOf();
  const line = progressLine(screen, {});
  for (let seconds = 0; seconds < 125; seconds += 0.25) line(at(seconds, seconds));
  line.end(['done']);
  const lines = screen.text.trimEnd().split('\n');
  const moments = lines
    .map((text) => /· (\d+):(\d+)/.exec(text))
    .map((m) => m && Number(m[1]) * 60 + Number(m[2]));
  expect(moments).toEqual([1, 2, 5, 10, 20, 30, 60, 90, 120, null]);
  expect(lines.at(-1)).toBe('done');
  expect(screen.text).not.toMatch(/[\u001b\r]/);
});

it.each([{ CI: 'true' }, { TERM: 'dumb' }])('writes plain lines on a terminal under %j', (env) => {
  const screen = screenOf({ isTTY: true });
  const line = progressLine(screen, env);
  line(at(0.5));
  line(at(1));
  expect(screen.text).toBe('stage 1/1 50 % · 0 records · 0:01 · chunk 1/2\n');
});

it('draws a bar on a terminal, that fits it after it was resized, and leaves the last words', () => {
  const screen = screenOf({ isTTY: true, columns: 200 });
  const line = progressLine(screen, { CI: '' });
  line(at(0.05));
  expect(screen.text).toBe('');
  line(at(0.2));
  expect(screen.text).toBe('\r\u001b[Jstage 1/1 ████████░░░░░░░░ 50 % · 0 records · 0:00 · chunk 1/2');
  const narrow = Object.assign(screen, { text: '', columns: 20 });
  line.end(['done']);
  expect(narrow.text).toBe('\r\u001b[Jdone\n');
});

it('draws two bars one below the other, and each goes by itself', () => {
  const screen = screenOf({ isTTY: true, columns: 20 });
  const [one, two] = [progressLine(screen, {}), progressLine(screen, {})];
  one(at(1));
  screen.text = '';
  two(at(1));
  const bar = 'stage 1/1 ████████░';
  expect(screen.text).toBe(`\r\u001b[J${bar}\n${bar}`);
  screen.text = '';
  one.end(['one is done']);
  expect(screen.text).toBe(`\r\u001b[1A\u001b[Jone is done\n${bar}`);
  screen.text = '';
  two.end();
  expect(screen.text).toBe('\r\u001b[J');
});
