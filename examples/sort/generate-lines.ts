import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Writes `megabytes` of random lines of 20 to 99 letters, the same ones at every call. Returns how many. */
export async function generateLines(path: string, megabytes: number): Promise<number> {
  const file = createWriteStream(path);
  let state = 1;
  const random = (below: number): number => {
    // xorshift32 (Marsaglia, 2003)
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  let lines = 0;
  for (let bytes = 0; bytes < megabytes * 1e6;) {
    let block = '';
    for (; block.length < 65_536 && bytes + block.length < megabytes * 1e6; lines += 1) {
      // A random start, then the alphabet from a random letter: cheap to make, and no two sorted runs alike.
      for (let i = 0; i < 8; i += 1) block += letters[random(26)]!;
      block +=
        letters
          .repeat(4)
          .slice(random(26), 26)
          .padEnd(12 + random(80), letters) + '\n';
    }
    bytes += block.length;
    if (!file.write(block)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return lines;
}
