/** What the performance guide gives figures for, by name. */
import { createPool, from, range } from '@forkfold/core';
import { timed } from '../measure/report.js';

const [, , name = ''] = process.argv;

switch (name) {
  case 'megabytes': {
    const pool = createPool({ processes: 1 });
    await range(1).count().run({ pool });
    const megabytes = Array.from({ length: 200 }, (_, i) => new Uint8Array(2 ** 20).fill(i));
    await timed(async () => {
      let bytes = 0;
      const options = { pool, chunkSize: 1 };
      for await (const part of from(megabytes).stream(options)) bytes += part.length;
      return bytes;
    });
    await pool.close();
    break;
  }
  case 'numbers':
    await timed(() =>
      from(Array.from({ length: 1e6 }, (_, x) => x))
        .count()
        .run({ processes: 1 }),
    );
    break;
  case 'objects':
    await timed(() =>
      from(Array.from({ length: 1e6 }, (_, x) => ({ x })))
        .count()
        .run({ processes: 1 }),
    );
    break;
  case 'balanced':
    await timed(async () => {
      const factors = range(1, 100_001).map((n) => BigInt(n));
      return digits(await factors.reduce((a, b) => a * b).run({ processes: 0 }));
    });
    break;
  case 'one by one':
    await timed(() => {
      let product = 1n;
      for (let n = 1; n <= 100_000; n += 1) product *= BigInt(n);
      return digits(product);
    });
    break;
  default:
    throw new Error(`No such figure: ${name}`);
}

function digits(n: bigint): number {
  return n.toString(16).length;
}
