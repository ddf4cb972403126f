/**
 * Loaded into a child by `--import`: makes it die in a given way at a given moment, and its disk full or slow.
 * CHAOS is a JSON object: `{ pids, moment, way, once, disk }`. `once` is the path of a marker: the first child that comes
 * to the moment makes it and dies, no other one does.
 */
import fs, { closeSync, openSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { pids, moment, way, once, disk } = JSON.parse(process.env.CHAOS ?? '{}');

const ways = {
  'exit 0': () => process.exit(0),
  'exit 3': () => process.exit(3),
  SIGKILL: () => kill('SIGKILL'),
  SIGTERM: () => kill('SIGTERM'),
  abort: () => process.abort(),
  disconnect: () => process.connected && process.disconnect(),
  'late throw': () =>
    void setTimeout(() => {
      throw new Error('thrown late');
    }, 1),
  'floating rejection': () => void Promise.reject(new Error('rejected late')),
  'out of memory': () => {
    const held = [];
    for (;;) held.push(new Array(100_000).fill(held));
  },
};

function kill(signal) {
  process.kill(process.pid, signal);
  for (;;);
}

function reach(reached) {
  if (reached !== moment) return;
  if (once !== undefined) {
    try {
      closeSync(openSync(once, 'wx'));
    } catch {
      return;
    }
  }
  ways[way]();
}

if (isMainThread) {
  if (pids !== undefined) writeFileSync(`${pids}/${process.pid}`, '');
  globalThis.chaos = reach;
  reach('boot');

  const { send } = process;
  process.send = function (message, ...rest) {
    const isTask = message?.result?.value !== undefined || message?.result?.failure !== undefined;
    const sent = send.call(this, message, ...rest);
    if (isTask) {
      reach('sending');
      if (moment === 'idle') setTimeout(() => reach('idle'), 5);
    }
    return sent;
  };
  process.on('newListener', (event) => {
    if (event === 'message' && process.listenerCount('message') === 0) {
      process.nextTick(() =>
        process.prependListener('message', (message) => {
          if (message?.method === 'task') reach('receiving');
        }),
      );
    }
  });
  process.on('disconnect', () => reach('closing'));

  const { writeSync } = fs;
  let room = disk?.room ?? Infinity;
  fs.writeSync = (descriptor, ...rest) => {
    const isData = rest[0]?.byteLength > 8;
    if (isData) {
      if (disk?.slow) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, disk.slow);
      room -= rest[0].byteLength;
      if (room < 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      if (moment === 'writing') {
        // Half of a block is on the disk by then.
        writeSync(descriptor, rest[0], 0, rest[0].byteLength >> 1);
        reach('writing');
        // Not this child's turn to die: write the other half.
        return (rest[0].byteLength >> 1) + writeSync(descriptor, rest[0], rest[0].byteLength >> 1);
      }
    }
    return writeSync(descriptor, ...rest);
  };
  syncBuiltinESMExports();
}
