/** Inputs and results are collectable once they were delivered, though the pool lives on. Run with --expose-gc. */
import assert from 'node:assert/strict';
import { createPool, from } from '@forkfold/core';
import { sleep } from './harness.mjs';

const pool = createPool({ processes: 2 });
const watched = [];
const watch = (kind, value) => {
  watched.push({ kind, ref: new WeakRef(value) });
  return value;
};

async function deliver() {
  const items = watch(
    'array of items',
    Array.from({ length: 100 }, (_, n) => watch('item', { n, text: 'x'.repeat(1000) })),
  );
  const results = watch(
    'array of results',
    await from(items)
      .map((item) => ({ ...item }))
      .toArray()
      .run({ pool }),
  );
  for (const result of results) watch('result', result);
  let i = 0;
  const lazy = (function* () {
    while (i < 100) yield watch('pulled item', { n: i++ });
  })();
  for await (const row of from(watch('iterable', lazy))
    .map((item) => ({ ...item }))
    .stream({ pool, chunkSize: 7 }))
    watch('streamed record', row);
  const failure = watch(
    'error',
    await from([watch('failing item', { n: 1 })])
      .map(() => {
        throw new Error('x');
      })
      .count()
      .run({ pool })
      .catch((error) => error),
  );
  assert.equal(failure.name, 'TaskError');
  const controller = watch('abort controller', new AbortController());
  await from([1]).count().run({ pool, signal: controller.signal });
}

await deliver();
for (let i = 0; i < 20 && watched.some(({ ref }) => ref.deref() !== undefined); i += 1) {
  await sleep(20);
  globalThis.gc();
}
const kept = watched.filter(({ ref }) => ref.deref() !== undefined).map(({ kind }) => kind);
assert.deepEqual(kept, [], 'these were kept in memory');
console.log(`leak: ${watched.length} inputs and results were delivered, all of them were collected`);
await pool.close();
