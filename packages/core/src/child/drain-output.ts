import { Writable } from 'node:stream';

/** Resolves once everything that was written to stdout and stderr has left this process: a pipe takes it only as fast as it is read. */
export async function drainOutput(): Promise<void> {
  await Promise.all([drain(() => process.stdout), drain(() => process.stderr)]);
}

// A stream that was closed, or that somebody has replaced, has nothing to wait for.
async function drain(open: () => Writable): Promise<void> {
  try {
    const stream = open();
    if (stream.writableLength === 0) return;
    // Not the stream's own method: user code that captures output replaces it.
    await new Promise<void>((resolve) => {
      Writable.prototype.write.call(stream, '', undefined as never, () => resolve());
    });
  } catch {
    // Nothing that could be awaited.
  }
}
