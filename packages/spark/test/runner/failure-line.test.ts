import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { failureIn, failureLine, LONGEST_LINE } from '../../src/runner/failure-line.js';

/** What Spark says when it has read so many bytes of stderr. */
const sparkError = (stderr: string): string =>
  `Subprocess exited with status 70. Error: ${stderr.slice(-2048)}\n.`;

describe('the line of a failure', () => {
  test('carries any bytes that fit, wherever Spark cuts what comes again and again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 1380 }), fc.nat(2000), (bytes, cut) => {
        const line = failureLine([bytes]);
        expect(line.length).toBeLessThanOrEqual(LONGEST_LINE);
        expect(line).toMatch(/^FORKFOLD [^\n]*\n$/);
        const stderr = `printed before\n${line.repeat(1 + Math.ceil(5000 / line.length))}`;
        const seen = stderr.slice(0, stderr.length - cut);
        expect(Buffer.from(failureIn(sparkError(seen))!)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('carries the fullest version that fits, and says so when none does', () => {
    const [huge, small, smaller] = [randomBytes(5000), Buffer.from('small'), Buffer.from('s')];
    expect(failureIn(failureLine([huge, small, smaller]))).toEqual(small);
    expect(failureLine([huge])).toBe('FORKFOLD 0 \n');
    expect(failureIn(failureLine([huge]))).toBeUndefined();
  });

  test('is told from one that was torn and from what only looks like one', () => {
    const line = failureLine([Buffer.from('a failure')]);
    expect(failureIn(line.slice(0, -5))).toBeUndefined();
    expect(failureIn(`xxxxxxxxx\n${line.slice(0, -5)}`)).toBeUndefined();
    expect(failureIn('no line at all')).toBeUndefined();
    expect(failureIn('FORKFOLD 4 AAAA')).toBeUndefined();
    expect(failureIn(`FORKFOLD 4 AAAA\n${line}`)).toEqual(Buffer.from('a failure'));
  });
});
