import { crc32 } from 'node:zlib';
import { OptionError } from '@forkfold/core';
import type { ArtifactChunk, ArtifactMessage } from './messages.js';

/** A file that a session's executors find in their working directories, by this name. */
export interface SessionFile {
  /** Letters, digits and `._-`. */
  readonly name: string;
  readonly data: Uint8Array;
}

const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** @throws OptionError for a name that a shell or Spark would take for something else. */
export function checkNames(files: Iterable<SessionFile>): void {
  for (const { name } of files) {
    if (SAFE_NAME.test(name)) continue;
    throw new OptionError(
      `Expected a file's name of letters, digits and ._-, got ${JSON.stringify(name)}`,
      'files',
    );
  }
}

/** Spark's own clients send as much at a time, well below the limit of a message. */
const CHUNK = 32 * 1024;

/** The messages that bring files: small ones in batches, larger ones cut in chunks, each with its checksum. */
export function* artifactMessages(files: Iterable<SessionFile>): Generator<ArtifactMessage> {
  let batch: { name: string; data: ArtifactChunk }[] = [];
  let size = 0;
  for (const { name, data } of files) {
    if (size + data.length > CHUNK && batch.length > 0) {
      yield { batch: { artifacts: batch } };
      batch = [];
      size = 0;
    }
    if (data.length > CHUNK) yield* chunked(name, data);
    else {
      batch.push({ name: pathOf(name), data: chunkOf(data) });
      size += data.length;
    }
  }
  if (batch.length > 0) yield { batch: { artifacts: batch } };
}

/** The name that the server answers with. */
export function pathOf(name: string): string {
  return `files/${name}`;
}

function* chunked(name: string, data: Uint8Array): Generator<ArtifactMessage> {
  const count = Math.ceil(data.length / CHUNK);
  for (let index = 0; index < count; index++) {
    const chunk = chunkOf(data.subarray(index * CHUNK, (index + 1) * CHUNK));
    yield index === 0
      ? {
          begin_chunk: {
            name: pathOf(name),
            total_bytes: data.length,
            num_chunks: count,
            initial_chunk: chunk,
          },
        }
      : { chunk };
  }
}

function chunkOf(data: Uint8Array): ArtifactChunk {
  return { data, crc: crc32(data) };
}
