import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { textLines } from '@forkfold/core';
import { generateLines } from './generate-lines.js';

const megabytes = Number(process.argv[2] ?? 40);
if (!(megabytes > 0)) throw new Error(`expected a number of megabytes, got ${process.argv[2] ?? ''}`);
const memoryLimit = 32;

const directory = await mkdtemp(join(tmpdir(), 'sort-'));
try {
  const input = join(directory, 'input.txt');
  const lines = await generateLines(input, megabytes);
  console.log(`${lines} lines, ${megabytes} MB, to be sorted by children of ${memoryLimit} MB each`);

  const started = performance.now();
  const sorted = textLines(input).sortBy((line) => line);
  const { files, records } = await sorted
    .writeText(join(directory, 'sorted'))
    .run({ processes: 2, memoryLimit, progress: true });
  console.log(`Sorted, Seconds: ${((performance.now() - started) / 1000).toFixed(2)}`);

  // Sorted by name, the parts are the sorted lines: the end of one comes before the start of the next.
  let [count, previous] = [0, ''];
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (line < previous) throw new Error(`line ${count + 1} is out of order`);
      [count, previous] = [count + 1, line];
    }
  }
  if (count !== lines || records !== lines) throw new Error(`${lines} lines went in, ${count} came out`);
  console.log(`${count} lines in order, none lost`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
