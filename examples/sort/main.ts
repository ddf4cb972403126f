import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { textLines } from '@forkfold/core';
import { generateLines } from './generate-lines.js';

const megabytes = Number(process.argv[2] ?? 40);
if (!(megabytes > 0)) throw new Error(`expected a number of megabytes, got ${process.argv[2] ?? ''}`);
const memoryLimit = 32;

const directory = await mkdtemp(join(tmpdir(), 'sort-'));
try {
  const [input, output] = [join(directory, 'input.txt'), join(directory, 'sorted.txt')];
  const lines = await generateLines(input, megabytes);
  console.log(`${lines} lines, ${megabytes} MB, to be sorted by children of ${memoryLimit} MB each`);

  const started = performance.now();
  const sorted = textLines(input)
    .sortBy((line) => line)
    .stream({ processes: 2, memoryLimit, progress: true });
  // The pipeline takes the next line only when the file has taken the last: neither side piles up in memory.
  await pipeline(
    sorted,
    async function* (records: AsyncIterable<string>) {
      let block = '';
      for await (const line of records) {
        block += `${line}\n`;
        if (block.length < 65_536) continue;
        yield block;
        block = '';
      }
      yield block;
    },
    createWriteStream(output),
  );
  console.log(`Sorted, Seconds: ${((performance.now() - started) / 1000).toFixed(2)}`);

  let [count, previous] = [0, ''];
  for await (const line of createInterface({ input: createReadStream(output) })) {
    if (line < previous) throw new Error(`line ${count + 1} is out of order`);
    [count, previous] = [count + 1, line];
  }
  const same = (await stat(output)).size === (await stat(input)).size && count === lines;
  if (!same) throw new Error(`${lines} lines went in, ${count} came out`);
  console.log(`${count} lines in order, none lost`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
