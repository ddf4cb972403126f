import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { isAlive, ownIdentity, parseIdentity } from '../../src/disk/process-identity.js';

const now = Date.now();
const dayAgo = now - 25 * 3_600_000;
const noSuchPid = 2 ** 30;
const onLinux = process.platform === 'linux' ? it : it.skip;

it('knows this process, and one that is gone', () => {
  const own = parseIdentity(JSON.stringify(ownIdentity()))!;
  expect(own).toEqual(ownIdentity());
  expect(isAlive(own, 0)).toBe(true);
  expect(isAlive({ ...own, pid: noSuchPid }, now)).toBe(false);
});

onLinux('knows another process that was given the same pid', () => {
  expect(isAlive({ ...ownIdentity(), started: '1' }, now)).toBe(false);
});

it('takes a process before a restart of the machine for dead', () => {
  expect(isAlive({ ...ownIdentity(), boot: 'earlier' }, now)).toBe(false);
});

it.each([
  ['on another machine', { host: 'elsewhere', boot: 'its own' }],
  ['in another container of this machine', { host: 'elsewhere', pidNamespace: 'pid:[1]' }],
  ['in another container of the same name', { pidNamespace: 'pid:[1]' }],
])('takes a process %s for alive, whatever its pid is here, unless what it owns is old', (_, place) => {
  for (const pid of [noSuchPid, process.pid]) {
    const owner = { ...ownIdentity(), pid, started: '1', ...place };
    expect(isAlive(owner, now)).toBe(true);
    expect(isAlive(owner, dayAgo)).toBe(false);
  }
});

onLinux('takes a zombie for dead', async () => {
  // What `sleep` has become the parent of is never asked how it ended.
  const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [data] = (await once(parent.stdout, 'data')) as [Buffer];
    const owner = { ...ownIdentity(), pid: Number(data.toString()), started: '' };
    for (let tries = 0; tries < 500 && isAlive(owner, now); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(isAlive(owner, now)).toBe(false);
    expect(() => process.kill(owner.pid, 0)).not.toThrow();
  } finally {
    parent.kill('SIGKILL');
  }
});

it.each(['', 'null', '{}', '{"pid":"1"}', '{"pid":-1,"started":""}', '{"pid":1,"sta', '\0\0'])(
  'finds no process in %j',
  (text) => {
    expect(parseIdentity(text)).toBeUndefined();
  },
);
