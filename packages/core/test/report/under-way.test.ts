import { expect, it } from '@jest/globals';
import type { SourceChunk } from '../../src/source/source.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';
import { UnderWay } from '../../src/report/under-way.js';
import { message } from './events.js';

/** The task of a chunk that is a file of so many bytes. */
function fileTask(chunk: number, end: number): TaskMessage {
  const source = { kind: 'bytes', file: '/a.gz', start: 0, end } as SourceChunk;
  return { ...message(chunk), chunks: [{ number: chunk, branch: 0, source }] };
}

it('adds up what tasks under way have done, and takes what has ended away', () => {
  const underWay = new UnderWay();
  underWay.pulse({ task: fileTask(0, 1000), records: 10, bytes: 500 });
  underWay.pulse({ task: fileTask(1, 100), records: 5, bytes: 25 });
  expect(underWay.sum).toEqual({ records: 15, bytes: 525, chunks: 0.75 });
  underWay.end(fileTask(0, 1000));
  expect(underWay.sum).toEqual({ records: 5, bytes: 25, chunks: 0.25 });
  underWay.clear();
  expect(underWay.sum).toEqual({ records: 0, bytes: 0, chunks: 0 });
});

it('counts what another attempt at a task reads again only where it is more', () => {
  const underWay = new UnderWay();
  const task = fileTask(0, 1000);
  underWay.pulse({ task, records: 10, bytes: 500 });
  underWay.pulse({ task: { ...task, name: 'again' }, records: 4, bytes: 200 });
  expect(underWay.sum).toEqual({ records: 10, bytes: 500, chunks: 0.5 });
  underWay.pulse({ task: { ...task, name: 'again' }, records: 12, bytes: 600 });
  expect(underWay.sum).toEqual({ records: 12, bytes: 600, chunks: 0.6 });
});

it('never tells more bytes than a chunk has, nor counts a search for a record', () => {
  const underWay = new UnderWay();
  underWay.pulse({ task: fileTask(0, 1000), records: 10, bytes: 1010 });
  underWay.pulse({ task: { ...fileTask(1, 1000), selection: { only: [0, 5] } }, records: 5, bytes: 500 });
  expect(underWay.sum).toEqual({ records: 10, bytes: 1000, chunks: 1 });
});
