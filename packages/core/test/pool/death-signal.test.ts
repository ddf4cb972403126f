import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

describe('the command that has the kernel end a child with its parent', () => {
  const path = process.env['PATH'];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'death-signal-'));
    process.env['PATH'] = folder;
    // What is found is kept.
    jest.resetModules();
  });

  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });

  /** What is found where the only program of the name holds a text. */
  async function found(text: string, mode: number): Promise<readonly string[]> {
    writeFileSync(join(folder, 'setpriv'), text, { mode });
    const { deathSignal } = await import('../../src/pool/death-signal.js');
    return deathSignal();
  }

  const isLinux = process.platform === 'linux';

  it('is setpriv, where it knows the flag', async () => {
    const expected = isLinux ? [join(folder, 'setpriv'), '--pdeathsig', 'KILL'] : [];
    expect(await found('\0 nnp\0 pdeathsig\0 ', 0o755)).toEqual(expected);
  });

  it('is none where a program of its name knows no such flag', async () => {
    expect(await found('\0 nnp\0 ', 0o755)).toEqual([]);
  });

  it('is none where it may not be started', async () => {
    expect(await found('\0 nnp\0 pdeathsig\0 ', 0o644)).toEqual([]);
  });

  it('is none where there is none', async () => {
    const { deathSignal } = await import('../../src/pool/death-signal.js');
    expect(deathSignal()).toEqual([]);
  });
});
