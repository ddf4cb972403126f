import { expect, it } from '@jest/globals';
import { MergedProfile, type CpuProfile } from '../../src/report/merged-profile.js';
import { profileWords } from '../../src/report/profile.js';

const frame = (functionName: string, url = 'file:///a.js', lineNumber = 1) => ({
  functionName,
  scriptId: '1',
  url: functionName.startsWith('(') ? '' : url,
  lineNumber,
  columnNumber: 0,
});

/** A root that calls `first`, which calls `second`; the ids are another process's own. */
function profile(
  first: string,
  second: string,
  samples: number[],
  timeDeltas: number[],
  shift = 0,
): CpuProfile {
  const nodes = [
    { id: 1 + shift, callFrame: frame('(root)'), children: [2 + shift, 4 + shift] },
    { id: 2 + shift, callFrame: frame(first), children: [3 + shift] },
    { id: 3 + shift, callFrame: frame(second) },
    { id: 4 + shift, callFrame: frame('(idle)') },
  ];
  return { nodes, startTime: 5, endTime: 9, samples: samples.map((id) => id + shift), timeDeltas };
}

it('makes one profile of several, whose equal stacks are one, and which follow each other in time', () => {
  const merged = new MergedProfile();
  merged.add(profile('f', 'g', [2, 3, 4], [0, 100, 200]));
  merged.add(profile('f', 'h', [3, 2], [0, 400], 50));
  const { nodes, samples, timeDeltas, startTime, endTime } = merged.profile();
  expect(
    nodes.map(({ id, callFrame, children, hitCount }) => [id, callFrame.functionName, children, hitCount]),
  ).toEqual([
    [1, '(root)', [2, 4], 0],
    [2, 'f', [3, 5], 2],
    [3, 'g', [], 1],
    [4, '(idle)', [], 1],
    [5, 'h', [], 1],
  ]);
  expect({ samples, timeDeltas, startTime, endTime }).toEqual({
    samples: [2, 3, 4, 5, 2],
    timeDeltas: [0, 100, 200, 0, 400],
    startTime: 0,
    endTime: 700,
  });
});

it('names the functions that took most by themselves, wherever they were called from, without the time of nobody', () => {
  const merged = new MergedProfile();
  merged.add(profile('f', 'g', [2, 3, 4, 2], [0, 1e6, 3e6, 5e6]));
  merged.add(profile('g', 'f', [2, 3, 3], [0, 1e6, 1e6]));
  const summary = merged.summary();
  expect(summary).toEqual({
    children: 2,
    seconds: 6,
    top: [
      { name: 'g', place: 'file:///a.js:2', seconds: 4, share: 4 / 6 },
      { name: 'f', place: 'file:///a.js:2', seconds: 2, share: 2 / 6 },
    ],
  });
  expect(profileWords({ file: 'x.cpuprofile', ...summary })).toEqual([
    'profile: x.cpuprofile, 6.0 s of 2 children, most of it in',
    '   67 %  g (file:///a.js:2)',
    '   33 %  f (file:///a.js:2)',
  ]);
});
