import { defineJob, type Dataset } from '@forkfold/core';

const START = Date.UTC(2025, 0, 1);
const THREE_DAYS = 3 * 86_400_000;
const urls = ['/', '/search', '/item/7', '/item/12', '/cart', '/login', '/help', '/checkout'];

/** Lines of an access log of three days, in the order of time: each depends on its number alone, so every machine has the same. */
export const accessLog = defineJob(import.meta.url, (numbers: Dataset<number>, requests: number) =>
  numbers.map((n) => lineOf(n, START + Math.floor((n * THREE_DAYS) / requests))),
);

function lineOf(n: number, time: number): string {
  const [a, b, c] = [mixed(n), mixed(n + 1e9), mixed(n + 2e9)];
  // Some users come much more often, and some pages are much slower, than others.
  const user = `u${Math.floor((a % 1000) ** 2 / 1000)}`;
  const page = Math.floor((b % 64) ** 2 / 512);
  const milliseconds = 5 + page * 20 + Math.floor((c % 1000) ** 3 / 4_000_000);
  const status = c % 397 === 0 ? 503 : 200;
  const address = `10.0.${a % 256}.${b % 256}`;
  return `${address} - ${user} [${new Date(time).toISOString()}] "GET ${urls[page]} HTTP/1.1" ${status} ${b % 9000} ${milliseconds}`;
}

/** Numbers that look like chance, the same one for a number each time (the finalizer of MurmurHash3). */
function mixed(n: number): number {
  let h = n | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
