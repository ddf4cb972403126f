import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openJournal, type StageJournal } from '../../src/checkpoint/journal.js';
import type { TaskMessage } from '../../src/protocol/task-message.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-test-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const result = {
  value: new Uint8Array([1, 2]),
  records: 1,
  emitted: { records: 1, bytes: 2 },
  chunks: 1,
  seconds: 0,
  skipped: { count: 0, records: [] },
};

function task(number: number): TaskMessage {
  const source = { kind: 'range', start: 0, step: 1, first: 0, count: 1 } as const;
  return { run: '', stage: 0, name: `0-${number}`, chunks: [{ number, branch: 0, source }] };
}

function withJournal(act: (journal: StageJournal) => void): void {
  const journal = openJournal(join(directory, 'journal'));
  try {
    act(journal.ofStage(0));
  } finally {
    journal.close();
  }
}

const header = (payload: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(payload.length, 0);
  bytes.writeUInt32LE(crc32(payload), 4);
  return bytes;
};

it.each<[string, Uint8Array]>([
  ['zeros', new Uint8Array(4096)],
  ['a few zeros', new Uint8Array(5)],
  ['bytes that no entry is made of', Buffer.concat([header(Buffer.from('junk')), Buffer.from('junk')])],
  ['an entry of nothing', Buffer.concat([header(serialize(undefined)), serialize(undefined)])],
])('ends before %s, and goes on there', (_, tail) => {
  withJournal((journal) => journal.record(task(0), result));
  const { size } = statSync(join(directory, 'journal'));
  appendFileSync(join(directory, 'journal'), tail);
  withJournal((journal) => {
    expect(statSync(join(directory, 'journal')).size).toBe(size);
    journal.record(task(1), result);
  });
  withJournal((journal) => {
    expect([0, 1, 2].map((number) => journal.find(task(number))?.records)).toEqual([1, 1, undefined]);
  });
});
