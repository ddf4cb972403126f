import { describe, expect, it } from '@jest/globals';
import { childEnv } from '../../src/pool/child-env.js';
import { flagsIn, nodeOptionsOf } from '../../src/pool/node-options.js';
import { absoluteFlags } from '../../src/pool/preload-flags.js';

describe('the flags of NODE_OPTIONS', () => {
  it.each([
    ['', []],
    ['  --import ./a.mjs  -r b ', ['--import', './a.mjs', '-r', 'b']],
    ['--require "./a file.cjs" --x="a \\"b\\" \\\\c"', ['--require', './a file.cjs', '--x=a "b" \\c']],
  ])('%j are %j, and back', (text, flags) => {
    expect(flagsIn(text)).toEqual(flags);
    expect(flagsIn(nodeOptionsOf(flags))).toEqual(flags);
  });
});

describe('the environment of children', () => {
  const withOptions = (NODE_OPTIONS: string, given?: Record<string, string>): NodeJS.ProcessEnv => {
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = NODE_OPTIONS;
    try {
      return childEnv(given);
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
  };

  it('has NODE_OPTIONS without what children do not inherit, untouched where there is nothing of it', () => {
    expect(withOptions('--inspect-brk --import "./a b.mjs"').NODE_OPTIONS).toBe('--import "./a b.mjs"');
    expect(withOptions('  --import  ./a.mjs').NODE_OPTIONS).toBe('  --import  ./a.mjs');
  });

  it('has what a run gives, whatever it is, but for what a watcher asks for', () => {
    const given = { NODE_OPTIONS: '--inspect', WATCH_REPORT_DEPENDENCIES: '1', A: '2' };
    const env = withOptions('--no-warnings', given);
    expect(env).toMatchObject({ NODE_OPTIONS: '--inspect', A: '2' });
    expect(env).not.toHaveProperty('WATCH_REPORT_DEPENDENCIES');
  });
});

describe('the flags of a run', () => {
  it.each([
    [
      ['--import', './a.mjs'],
      ['--import', 'file:///home/a.mjs'],
    ],
    [
      ['--require=../a.cjs', '-r', './b'],
      ['--require=/a.cjs', '-r', '/home/b'],
    ],
    [
      ['--import', 'tsx', '--conditions=./x', './y'],
      ['--import', 'tsx', '--conditions=./x', './y'],
    ],
  ])('%j name their modules from where the parent is: %j', (flags, absolute) => {
    expect(absoluteFlags(flags, '/home')).toEqual(absolute);
  });
});
