import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { failureIn, failureLine, LONGEST_LINE } from '../../src/runner/failure-line.js';

describe('the line of a failure', () => {
  test('carries any bytes that fit, within whatever Spark puts around it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 1000 }), (bytes) => {
        const line = failureLine([bytes]);
        expect(line.length).toBeLessThanOrEqual(LONGEST_LINE);
        expect(line).toMatch(/^FORKFOLD [^\n]*\n$/);
        expect(Buffer.from(failureIn(`Subprocess exited with status 70. Error: warned\n${line}.`)!)).toEqual(
          Buffer.from(bytes),
        );
      }),
    );
  });

  test('carries the fullest version that fits, and says so when none does', () => {
    const [huge, small, smaller] = [randomBytes(5000), Buffer.from('small'), Buffer.from('s')];
    expect(failureIn(failureLine([huge, small, smaller]))).toEqual(small);
    expect(failureLine([huge])).toBe('FORKFOLD 0 \n');
    expect(failureIn(failureLine([huge]))).toBeUndefined();
  });

  test('is told from one that was cut and from what only looks like one', () => {
    const line = failureLine([Buffer.from('a failure')]);
    expect(failureIn(line.slice(0, -5))).toBeUndefined();
    expect(failureIn('no line at all')).toBeUndefined();
    expect(failureIn('FORKFOLD 4 AAAA')).toBeUndefined();
    expect(failureIn(`FORKFOLD 4 AAAA\n${line}`)).toEqual(Buffer.from('a failure'));
  });
});
