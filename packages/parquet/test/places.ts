import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';

type WriteOptions = Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'>;

/** A directory of a test's own, and files in it. */
export function places(): {
  fresh(ending?: string): string;
  file(content: string | Uint8Array, ending?: string): string;
  parquet(columnData: readonly ColumnSource[], options?: WriteOptions): string;
} {
  const directory = mkdtempSync(join(tmpdir(), 'forkfold-parquet-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  let count = 0;
  const fresh = (ending = ''): string => join(directory, `${(count += 1)}${ending}`);
  const file = (content: string | Uint8Array, ending = '.parquet'): string => {
    const path = fresh(ending);
    writeFileSync(path, content);
    return path;
  };
  return {
    fresh,
    file,
    parquet: (columnData, options) =>
      file(new Uint8Array(parquetWriteBuffer({ columnData: [...columnData], ...options }))),
  };
}

/** What a promise is rejected with. */
export async function caught(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error: unknown) => error as Error,
  );
}
