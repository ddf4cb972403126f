import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { OptionError } from '@forkfold/core';
import { runDirectory } from '@forkfold/core/engine';
import type { SessionFile } from '../client/artifacts.js';
import type { SparkDoor } from '../client/spark-door.js';
import { examine } from '../doctor/doctor.js';
import { EngineError } from '../engine-error.js';
import type { SparkOptions } from '../spark-options.js';
import { openDoor } from './open-door.js';

/** A session whose executors were looked at, and have the user's files. */
export interface SparkSession {
  readonly client: SparkDoor;
  /** How many tasks the cluster runs at once. */
  readonly cores: number;
  /** Makes a file that lasts as long as a run, in a directory that lasts as long as the session: executors may see them. */
  leash(): Leash;
  /** Brings files to the executors, each once. */
  send(files: readonly SessionFile[], signal: AbortSignal | undefined): Promise<void>;
  close(): Promise<void>;
}

/** Holds the programs of a run on the executors: they end with it. */
export interface Leash {
  readonly path: string;
  release(): void;
}

/** @throws EngineError that says what keeps plans from running there. */
export async function openSession(options: SparkOptions, signal?: AbortSignal): Promise<SparkSession> {
  const { node, lanes, files = [] } = options;
  const shipped = await Promise.all(files.map(readShipped));
  const client = await openDoor(options, signal);
  const directory = runDirectory(tmpdir());
  try {
    const { parallelism, problems } = await examine(client, { node, signal });
    if (problems.length > 0) {
      throw new EngineError(problems.join('; '), { applicationId: client.applicationId });
    }
    const sent = new Set<string>();
    const send: SparkSession['send'] = async (given, abort) => {
      const fresh = given.filter(({ name }) => !sent.has(name));
      if (fresh.length === 0) return;
      await client.addFiles(fresh, abort);
      for (const { name } of fresh) sent.add(name);
    };
    await send(shipped, signal);
    directory.ensure();
    const leash = (): Leash => {
      const path = join(directory.path, randomUUID());
      writeFileSync(path, '', { mode: 0o600 });
      return { path, release: () => rmSync(path, { force: true }) };
    };
    const close = async (): Promise<void> => {
      await client.close();
      await directory.remove();
    };
    return { client, cores: lanes ?? parallelism, send, leash, close };
  } catch (error) {
    await client.close();
    await directory.remove();
    throw error;
  }
}

async function readShipped(path: string): Promise<SessionFile> {
  try {
    return { name: basename(path), data: await readFile(path) };
  } catch (cause) {
    throw new OptionError(`"files" names ${path}, which cannot be read: ${String(cause)}`, 'files', {
      cause,
    });
  }
}
