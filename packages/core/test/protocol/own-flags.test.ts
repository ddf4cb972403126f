import { describe, expect, it } from '@jest/globals';
import { dropOwnFlags, ownFlags } from '../../src/protocol/own-flags.js';

const versions = { node: '20.19.0' };
const full = { processes: 2, cores: 2, versions };

describe('the flags that children get besides', () => {
  it('are for where there is a child for each processor', () => {
    expect(ownFlags(['--import', 'tsx', '--max-old-space-size=99'], full)).toHaveLength(2);
    expect(ownFlags([], { processes: 9, cores: 8, versions: { node: '26.1.0' } })).toHaveLength(2);
    expect(ownFlags([], { processes: 1, cores: 2, versions })).toEqual([]);
  });

  it.each([
    ['--concurrent-recompilation', 1],
    ['--no-concurrent-recompilation', 1],
    ['--no_concurrent_recompilation', 1],
    ['--single-threaded-gc', 1],
    ['--no-parallel-scavenge', 1],
    ['--no_concurrent_marking', 1],
    ['--no-concurrent-array-buffer-sweeping', 1],
    ['--single-threaded', 0],
    ['--import=./parallel-setup.mjs', 2],
  ])('leave it to %s', (flag, left) => {
    expect(ownFlags(['-r', 'a', flag], full)).toHaveLength(left);
  });

  it('are for no runtime that may not know them', () => {
    expect(ownFlags([], { ...full, versions: { node: '27.0.0' } })).toEqual([]);
    expect(ownFlags([], { ...full, versions: { node: '24.2.0', deno: '2.9.6' } })).toEqual([]);
  });

  it('are not seen by the processes that a child starts', () => {
    const execArgv = [...ownFlags([], full), '--import', 'tsx'];
    dropOwnFlags(execArgv);
    expect(execArgv).toEqual(['--import', 'tsx']);
    const own = ['--no-concurrent-recompilation'];
    dropOwnFlags(own);
    expect(own).toEqual(['--no-concurrent-recompilation']);
  });
});
