import { open } from 'node:fs/promises';

/** Puts on the disk for good which names a directory holds; where the system cannot, it does nothing. Never rejects. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows opens no directory, and not every file system can sync one.
  }
}
