import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const START = Date.UTC(2025, 0, 1);
const DAY = 86_400_000;
const pages = ['/', '/search', '/item', '/cart', '/checkout', '/help'];
const devices = ['desktop', 'phone', 'tablet'];

/**
 * Writes a week of two web logs, in the order of time, the same ones at every call: a line a request
 * (`2025-01-01T00:00:04.810Z u0042 /cart`) and a line a login (`2025-01-01T00:00:04.000Z u0042 phone`).
 */
export async function generateLogs(
  paths: { readonly requests: string; readonly logins: string },
  visits = 30_000,
): Promise<void> {
  const random = mulberry32(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const requests: [time: number, line: string][] = [];
  const logins: [time: number, line: string][] = [];
  for (let visit = 0; visit < visits; visit += 1) {
    const user = `u${String(Math.floor(random() ** 2 * 5000)).padStart(4, '0')}`;
    let time = START + Math.floor(random() * 7 * DAY);
    if (random() < 0.6) logins.push([time, `${user} ${pick(devices)}`]);
    for (let left = 1 + Math.floor(random() * 12); left > 0; left -= 1) {
      time += 500 + Math.floor(random() * 120_000);
      requests.push([time, `${user} ${pick(pages)}`]);
    }
  }
  await writeLog(paths.requests, requests);
  await writeLog(paths.logins, logins);
}

async function writeLog(path: string, entries: [time: number, line: string][]): Promise<void> {
  const file = createWriteStream(path);
  for (const [time, line] of entries.sort(([a], [b]) => a - b)) {
    if (!file.write(`${new Date(time).toISOString()} ${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** Numbers in [0, 1), always the same ones for a seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
